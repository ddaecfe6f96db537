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
    `Waiting until you have done so. The code is valid for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. Ctrl-C cancels.`,
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
  tokenWins: 'REMO_TOKEN is set and is used instead of the stored sign-in. Unset it to use the stored one.',

  signedOut: 'Signed out: the session was ended at the server, and the credential was deleted here.',
  deletedOnly: (why: string) =>
    `The credential was deleted here, but the session was not ended at the server: ${why}`,
  notOffered: 'The server does not offer that; its tokens end by themselves.',
  notSignedIn: (profile: string) => `You are not signed in (profile "${profile}"). Nothing to do.`,

  keychainSlow: 'Waiting for the keychain. It may be asking for a password in a window of its own.',
  fileWritten: (path: string) =>
    `Warning: the credential is kept unencrypted in ${path}. Whoever can read that file can act as you.`,
  fileExposed: (path: string) =>
    `Warning: others on this machine could read ${path}. Its permissions have been put right; if in doubt, sign in again.`,

  sources: {
    environment: 'environment variable',
    keychain: 'keychain',
    file: 'file (not encrypted)',
    memory: 'memory',
  },
  labels: {
    name: 'Name',
    email: 'E-mail address',
    partnerCode: 'Partner code',
    profile: 'Profile',
    backend: 'Backend',
    source: 'Credential',
    place: 'Kept in',
    scopes: 'Scopes',
    expires: 'Access token ends',
    renews: 'Renews by itself',
  },
};
