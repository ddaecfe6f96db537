import type { ErrorParams, KeychainTrouble } from '../../errors.js';
import type { ErrorText } from '../error-text.js';

type Params = ErrorParams['keychain_unavailable'];

/** What is wrong with the keychain, and the way out of it; where systems differ, for each. */
const troubles: Record<
  KeychainTrouble,
  Record<'linux' | 'darwin' | 'win32', [what: string, next: string]>
> = {
  library: everywhere(
    'libsecret, the library that reaches the keychain, is not installed',
    'Install it: sudo apt install libsecret-1-0 (Debian, Ubuntu), sudo dnf install libsecret (Fedora, RHEL), sudo pacman -S libsecret (Arch).',
  ),
  module: everywhere(
    'The keychain module (keytar) could not be loaded: it is missing, or has no build for this system',
    'Install remo again with the Node.js that you run it with.',
  ),
  no_bus: everywhere(
    'No keychain service answers: there is no D-Bus session, as is usual over SSH, in containers and in CI',
    'Start a session with a keychain in it: dbus-run-session -- bash, then gnome-keyring-daemon --unlock (it reads the password from stdin).',
  ),
  no_service: everywhere(
    'No keychain service answers: no Secret Service is on D-Bus',
    'Install and start one: gnome-keyring, or KWallet with its Secret Service switched on.',
  ),
  locked: {
    linux: [
      'The keychain is locked',
      'Unlock it (on the desktop: "Passwords and Keys"; without one: gnome-keyring-daemon --replace --unlock, which reads the password from stdin) and try again.',
    ],
    darwin: [
      'The keychain is locked',
      'Unlock it (security unlock-keychain) and try again. Over SSH macOS can not ask for the password itself.',
    ],
    win32: ['The Windows Credential Manager is locked', 'Sign in to Windows again and try again.'],
  },
  dismissed: {
    linux: [
      'The keychain was not unlocked: the password dialog was dismissed',
      'Try again and enter the password of the keychain, which usually is that of your login.',
    ],
    darwin: [
      'Access to the keychain was not allowed: the dialog was dismissed',
      'Try again and choose "Always Allow".',
    ],
    win32: ['Access to the Windows Credential Manager was not allowed', 'Try again.'],
  },
  timeout: {
    linux: [
      'The keychain did not answer',
      'See whether a window asks for its password. If none does, start the keychain again (gnome-keyring-daemon --replace, or sign in to the desktop again).',
    ],
    darwin: [
      'The keychain did not answer',
      'See whether a window asks for its password, or unlock it first: security unlock-keychain.',
    ],
    win32: ['The Windows Credential Manager did not answer', 'Sign in to Windows again and try again.'],
  },
  forgetful: everywhere(
    'What was written to the keychain for a trial could not be read back',
    'Look into the settings of the keychain, and try again.',
  ),
  other: {
    linux: [
      'The keychain failed',
      'Look into the journal of the keychain (journalctl --user), and try again.',
    ],
    darwin: ['The keychain failed', 'Check it with Keychain Access, and try again.'],
    win32: ['The Windows Credential Manager failed', 'Check it in the Control Panel, and try again.'],
  },
};

function everywhere(what: string, next: string) {
  const text: [string, string] = [what, next];
  return { linux: text, darwin: text, win32: text };
}

/** The sentences about a keychain that can't be used on this system. */
export function keychainText({ trouble, detail, platform }: Params): ErrorText {
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const [what, next] = troubles[trouble][system];
  return {
    what: `${what}${detail ? ` (${detail})` : ''}.`,
    next: `${next}\nOr keep the credential in a file that only you can read, by choosing so: remo login --credential-store file (or REMO_CREDENTIAL_STORE=file)`,
  };
}
