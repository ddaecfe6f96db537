import type { ExitCode } from '../../errors.js';
import type { Messages } from '../../messages/en.js';

type Variable = keyof Messages['topics']['variables'];

/** What matters to a command besides what its options say. */
interface Matter {
  /** Exit codes that mean here what they mean everywhere; those of its own have words of their own. */
  exits?: readonly ExitCode[];
  variables?: readonly Variable[];
}

const asks: readonly Variable[] = ['REMO_API_URL', 'REMO_TOKEN', 'REMO_CLIENT_SECRET'];
const read: Matter = { exits: [4, 6], variables: asks };
const listed: Matter = { exits: [4, 6], variables: [...asks, 'PAGER'] };
const run: Matter = { exits: [2, 4, 6, 130, 143], variables: [...asks, 'REMO_STATE_DIR', 'CI'] };
const recorded: Matter = { variables: ['REMO_STATE_DIR', 'PAGER', 'TZ'] };
const settings: Matter = { exits: [2], variables: ['REMO_CONFIG_DIR', 'REMO_PROFILE'] };

/** By the words of the command; a noun leaves it to its verbs. */
export const matters: Readonly<Partial<Record<keyof Messages['lessons'], Matter>>> = {
  login: {
    exits: [6],
    variables: ['REMO_API_URL', 'REMO_KEYCHAIN_TIMEOUT', 'BROWSER', 'HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS'],
  },
  logout: { exits: [4, 6], variables: ['REMO_CREDENTIAL_STORE', 'REMO_KEYCHAIN_TIMEOUT'] },
  whoami: read,
  'customers list': listed,
  'devices show': { ...listed, exits: [4, 6, 7] },
  'devices status': { ...listed, exits: [4, 6, 7] },
  'devices reboot': run,
  'batches list': recorded,
  'batches show': recorded,
  'batches resume': run,
  'batches close': { variables: ['REMO_STATE_DIR', 'CI'] },
  history: { variables: ['REMO_STATE_DIR', 'REMO_HISTORY_DAYS', 'TZ'] },
  notices: {
    variables: [
      'REMO_SIGNATURE_COMPANY',
      'REMO_SIGNATURE_NAME',
      'REMO_SIGNATURE_PHONE',
      'REMO_SIGNATURE_EMAIL',
      'REMO_STATE_DIR',
    ],
  },
  'config list': settings,
  'config get': settings,
  'config set': settings,
  'config unset': settings,
  'config profiles': settings,
  'config use': settings,
  doctor: { variables: ['REMO_API_URL', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS', 'REMO_TOKEN'] },
  completion: { variables: ['REMO_CACHE_DIR'] },
  demo: { exits: [130] },
  help: { variables: ['REMO_LANG', 'LC_ALL'] },
};
