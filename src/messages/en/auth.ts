import { counted } from './formats.js';

interface Person {
  name: string;
  email: string;
  partnerCode: string;
}

/** What sign-in, sign-out and the keeping of credentials say. */
export const auth = {
  openingBrowser: 'Opening the browser for you to sign in. If none opens, open this address on this machine:',
  openByHand: 'Open this address in a browser on this machine to sign in:',
  noBrowser: {
    ssh: 'You are connected over SSH, so you sign in with a code, in a browser on any device.',
    none: 'There is no browser here, so you sign in with a code, in a browser on any device.',
    failed: 'The browser could not be opened, so you sign in with a code, in a browser on any device.',
  },
  enterCode: (address: string, code: string) => `Open  ${address}\nand enter the code  ${code}`,
  orOpen: (address: string) => `(Or open the address with the code in it: ${address})`,
  codeExpires: (minutes: number) =>
    `Waiting until you have done so. The code is valid for ${counted(minutes, { one: 'minute', other: 'minutes' })}. Ctrl-C cancels.`,
  strayCallback: 'A page that does not belong to this sign-in came back from the browser; it was ignored.',
  pages: {
    success: {
      title: 'You are signed in to remo',
      text: 'You can close this tab and go back to the terminal.',
    },
    failure: {
      title: 'The sign-in failed',
      text: 'The terminal says why. You can close this tab.',
    },
    stray: {
      title: 'This page belongs to another sign-in',
      text: 'Start again in the terminal with: remo login. You can close this tab.',
    },
  },

  signedIn: (person: Person | undefined, place: string) =>
    person
      ? `Signed in as ${person.name} (${person.email}), partner code ${person.partnerCode}. Kept in: ${place}`
      : `Signed in. Kept in: ${place}`,
  accountUnknown: (why: string) =>
    `The sign-in is stored, but who you are could not be read: ${why}\nTry: remo whoami`,
  fewerScopes: (missing: string) =>
    `The server granted less than was asked for; missing: ${missing}. What needs it will be refused.`,
  noRenewal: (end: string | undefined) =>
    end === undefined
      ? 'The server gave no refresh token: when this sign-in ends, you have to sign in again.'
      : `The server gave no refresh token: this sign-in ends at ${end}, then you have to sign in again.`,
  askToken: 'Access token (it is not shown):',
  notKept: (place: string, why: string) =>
    `Warning: the renewed sign-in could not be stored in ${place} (${why}). This command goes on; sign in again before the next one: remo login`,
  clientNotKept: (why: string) =>
    `The access token is not kept, so each command asks for one of its own. ${why} To keep it in a file: REMO_CREDENTIAL_STORE=file`,
  clientWins:
    'REMO_CLIENT_ID and REMO_CLIENT_SECRET are set and are used instead of the stored sign-in. Unset them to use the stored one.',
  tokenWins: 'REMO_TOKEN is set and is used instead of the stored sign-in. Unset it to use the stored one.',

  signedOut: 'Signed out: the session was ended at the server, and the credential was deleted here.',
  deletedOnly: (why: string) =>
    `The credential was deleted here, but the session was not ended at the server: ${why}`,
  notOffered: 'The server does not offer that; its tokens end by themselves.',
  byHand:
    'It was given by hand (login --with-token) and stays valid until it ends; end it where it was made, if need be.',
  secretMissing:
    'REMO_CLIENT_ID and REMO_CLIENT_SECRET, which the server wants for that, are not set. The token ends by itself.',
  remains:
    'Nothing was left of it but what a remo that was killed had been writing; its tokens end by themselves.',
  clientSignedOut: 'The token of REMO_CLIENT_ID was revoked at the server and deleted here.',
  clientDeletedOnly: (why: string) =>
    `The token of REMO_CLIENT_ID was deleted here, but not revoked at the server: ${why}`,
  ofProfile: (profile: string, text: string) => `${profile}: ${text}`,
  nobodySignedIn: 'You are not signed in with any profile. Nothing to do.',
  notSignedIn: (profile: string) => `You are not signed in (profile "${profile}"). Nothing to do.`,

  keychainSlow: 'Waiting for the keychain. It may be asking for a password in a window of its own.',
  lockSlow:
    'Waiting for another remo that is renewing the sign-in. If it was killed, this goes on by itself in a few seconds.',
  fileWritten: (path: string) =>
    `Warning: the credential is kept unencrypted in ${path}. Whoever can read that file can act as you.`,
  fileExposed: (path: string) =>
    `Warning: others on this machine could read ${path}. Its permissions have been put right; if in doubt, sign in again.`,

  /** Where no time is known. */
  sessionEnd: {
    environment: 'unknown',
    person: 'not told by the server',
    token: 'not told by the server',
    client: 'when REMO_CLIENT_SECRET is no longer valid',
  },
  sources: {
    environment: 'environment variable',
    keychain: 'keychain',
    file: 'file (not encrypted)',
    memory: 'memory',
  },
  signedInBy: {
    environment: 'REMO_TOKEN',
    person: 'a person, at the sign-in server',
    token: 'a token given by hand (login --with-token)',
    client: 'REMO_CLIENT_ID and REMO_CLIENT_SECRET',
  },
  labels: {
    name: 'Name',
    email: 'E-mail address',
    partnerCode: 'Partner code',
    profile: 'Profile',
    backend: 'Backend',
    signedInBy: 'Signed in by',
    source: 'Credential',
    place: 'Kept in',
    scopes: 'Scopes',
    expires: 'Access token ends',
    sessionEnds: 'Session ends',
    renews: 'Renews by itself',
  },
};
