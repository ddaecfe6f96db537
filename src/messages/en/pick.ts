import { devices, number } from './formats.js';

/** Texts of looking for a customer and ticking devices, where none were named. */
export const pick = {
  customer: 'Customer:',
  deviceCount: devices,
  more: (shown: number, total: number) =>
    `The first ${shown} of ${number(total)}; type more to narrow them down.`,
  searching: 'Searching…',
  tryAgain: 'The next key tries again.',

  toReboot: (owner: string) => `Devices to reboot, of ${owner}`,
  toShow: (owner: string) => `Devices to show, of ${owner}`,
  ticked: (count: number, total: number) => `${number(count)} of ${devices(total)} selected`,
  nothingTicked: 'Nothing is selected yet: Space selects the device at the cursor.',
  noMatch: (filter: string) => `No device matches "${filter}".`,

  typePart: 'type a part of the e-mail address',
  tick: 'select',
  all: 'all or none',
  filter: 'filter',
  keepFilter: 'keep the filter',
  dropFilter: 'show all',
  goOn: 'go on',
  cancel: 'cancel',

  numberOrPart: (most: number) =>
    most === 1
      ? '1, or another part of the e-mail address:'
      : `1-${most}, or another part of the e-mail address:`,
  whichNumbers: 'Numbers of the devices, as in 1 3-5, or a for all:',
  notNumbers: (most: number) => `Expected: numbers from 1 to ${most}, as in 1 3-5, or a.`,

  again: (command: string) => `The same next time: ${command}`,
};
