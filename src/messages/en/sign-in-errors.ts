import type { ErrorTexts } from '../error-text.js';
import { keychainText } from './keychain.js';

const nothingSent = 'No reboot was instructed.';
const signIn = (profile: string) =>
  profile === 'default' ? 'Sign in: remo login' : `Sign in: remo login --profile ${profile}`;

/** What the server said, quoted, with its code. */
const inItsWords = (error: string, detail: string | undefined) => (detail ? `"${detail}" (${error})` : error);

type SignInErrors = Pick<
  ErrorTexts,
  | 'client_id_missing'
  | 'token_argument'
  | 'not_signed_in'
  | 'session_ended'
  | 'other_backend'
  | 'credential_broken'
  | 'credential_unwritable'
  | 'keychain_unavailable'
  | 'sign_in_locked'
  | 'sign_in_busy'
  | 'login_denied'
  | 'login_expired'
  | 'clock_off'
  | 'login_impossible'
  | 'client_refused'
  | 'token_refused'
  | 'permission_missing'
  | 'unauthenticated'
  | 'forbidden'
>;

/** The English sentences of the errors about signing in and about what a sign-in permits. */
export const signInErrors: SignInErrors = {
  client_id_missing: () => ({
    what: 'REMO_CLIENT_SECRET is set, but REMO_CLIENT_ID is not.',
    devices: nothingSent,
    next: 'Set both, or unset REMO_CLIENT_SECRET.',
  }),
  token_argument: () => ({
    what: 'remo login takes no token on the command line, where other users of this machine can read it.',
    next: 'Hand it over on stdin: remo login --with-token < FILE. Take the one you typed for known to others.',
  }),
  not_signed_in: ({ profile }) => ({ what: 'You are not signed in.', next: signIn(profile) }),
  session_ended: ({ profile }) => ({ what: 'Your session has ended.', next: signIn(profile) }),
  other_backend: ({ profile, issuedFor, wanted }) => ({
    what: `You are signed in to ${issuedFor}, but this command goes to ${wanted}.`,
    devices: nothingSent,
    next: `${signIn(profile)} --api-url ${wanted}, or use another --profile.`,
  }),
  credential_broken: ({ profile, place }) => ({
    what: `What is stored as your credential (${place}) is not readable.`,
    next: `${signIn(profile)} again; that replaces it.`,
  }),
  credential_unwritable: ({ place, detail }) => ({
    what: `The credential could not be stored (${place}): ${detail}`,
  }),
  sign_in_locked: ({ path, detail }) => ({
    what: `The lock of your sign-in can't be taken: ${path}: ${detail}`,
    next: 'Mend the permissions, or name another folder in REMO_STATE_DIR.',
  }),
  sign_in_busy: ({ path }) => ({
    what: `Another remo has been renewing your sign-in for too long (${path}).`,
    next: 'See whether it waits for the keychain or for the sign-in server; end it and try again.',
  }),
  login_denied: ({ error, detail }) => ({
    what: `Sign-in failed: ${inItsWords(error, detail)}`,
    next: 'Try again: remo login',
  }),
  login_expired: () => ({ what: 'Sign-in was not completed in time.', next: 'Try again: remo login' }),
  clock_off: ({ claim }) => ({
    what: `By the clock of this computer, what the sign-in server issued just now is not valid now (id_token.${claim}): the two clocks differ too much. Nothing was stored.`,
    next: 'Have the clock of this computer set by the network (NTP), then try again: remo login',
  }),
  login_impossible: ({ missing }) => ({
    what:
      missing === 'device_flow'
        ? 'This backend does not offer sign-in with a device code.'
        : 'This backend does not offer sign-in through the browser.',
    next:
      missing === 'device_flow'
        ? 'Sign in with a browser: remo login'
        : 'Sign in with a code: remo login --device',
  }),
  unauthenticated: () => ({
    what: 'The backend does not accept your sign-in.',
    next: 'Sign in again: remo login. With REMO_CLIENT_ID: check that this client may use this backend.',
  }),
  keychain_unavailable: keychainText,
  forbidden: ({ operation }) => ({
    what:
      operation === 'createReboot'
        ? 'You are not permitted to reboot this device: the permission remo.reboot is missing, or the device is not yours to reboot (createReboot).'
        : `You are not permitted to do this (${operation}).`,
    next: 'Check with remo whoami that you use the right account; ask your administrator for the permission.',
  }),
  client_refused: ({ error, detail }) => ({
    what: `The sign-in server refuses REMO_CLIENT_ID and REMO_CLIENT_SECRET: ${inItsWords(error, detail)}`,
    next: 'Check both, and that this client may use the client credentials grant and the scopes asked for.',
  }),
  token_refused: ({ origin, profile }) => ({
    what: {
      environment: 'The backend does not accept the token in REMO_TOKEN.',
      input: 'The backend does not accept this token. Nothing was stored.',
      stored: 'The backend does not accept the token that was stored with remo login --with-token any more.',
    }[origin],
    next: {
      environment: 'Set a token that is still valid, or unset REMO_TOKEN to use the stored sign-in.',
      input: 'Check that the token is whole, still valid, and for this backend (--api-url).',
      stored: `Store a new one (remo login --with-token), or sign in yourself. ${signIn(profile)}`,
    }[origin],
  }),
  permission_missing: ({ scope, profile, client }) => ({
    what: `Your sign-in does not include the permission ${scope}, which this needs.`,
    devices: nothingSent,
    next: client
      ? `Have the sign-in server allow the client of REMO_CLIENT_ID the scope ${scope}.`
      : `Ask your administrator for it, then sign in again. ${signIn(profile)}`,
  }),
};
