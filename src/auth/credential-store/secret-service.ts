import { execFile } from 'node:child_process';

/** How long an answer may take, milliseconds. */
const patience = 3000;
const service = 'org.freedesktop.secrets';
const collection = '/org/freedesktop/secrets/aliases/default';
const type = 'org.freedesktop.Secret.Collection';

/** Programs that read a property on the session bus; a desktop has one of them. */
const readers = [
  [
    'dbus-send',
    '--session',
    '--print-reply=literal',
    `--dest=${service}`,
    collection,
    'org.freedesktop.DBus.Properties.Get',
    `string:${type}`,
    'string:Locked',
  ],
  ['busctl', '--user', 'get-property', service, collection, type, 'Locked'],
];

/**
 * Whether the default collection of the Secret Service says that it is unlocked (Secret Service API draft 0.2,
 * `Locked`). keytar can't be asked: it has the service ask the person. Never throws.
 */
export async function isUnlocked(): Promise<boolean> {
  for (const [program = '', ...words] of readers) {
    const answer = await new Promise<string>(resolve => {
      execFile(program, words, { timeout: patience }, (error, stdout) => resolve(error ? '' : stdout));
    });
    if (answer !== '') return /\b(boolean|b) false\b/.test(answer);
  }
  return false;
}
