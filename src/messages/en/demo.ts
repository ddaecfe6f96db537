/** Texts of `remo demo`. */
export const demo = {
  intro: [
    'This runs the main job against a sandbox on this machine: made-up customers, a real sign-in, a real reboot.',
    'Nothing is kept: settings, sign-in and journal go when it ends.',
  ],
  steps: {
    login: 'Sign in. The sandbox approves the code by itself.',
    whoami: 'Who am I?',
    find: 'A customer calls. Find them by a part of their e-mail address.',
    show: 'Look at their devices.',
    reboot: 'Reboot the frozen one, and wait for the proof that it is back.',
    status: 'Look again: a later boot time.',
  },
  outro: 'That was the main job. To go on by yourself: remo sandbox',
};
