import { auth } from './en/auth.js';
import { batches } from './en/batches.js';
import { config } from './en/config.js';
import { customers } from './en/customers.js';
import { demo } from './en/demo.js';
import { devices } from './en/devices.js';
import { doctor } from './en/doctor.js';
import { errors } from './en/errors.js';
import { fields } from './en/fields.js';
import { help } from './en/help.js';
import { history } from './en/history.js';
import { labels } from './en/labels.js';
import { lessons } from './en/lessons.js';
import { notices } from './en/notices.js';
import { pick } from './en/pick.js';
import { plan } from './en/plan.js';
import { progress } from './en/progress.js';
import { reboot } from './en/reboot.js';
import { sandbox } from './en/sandbox.js';
import { terminal } from './en/terminal.js';
import { topics } from './en/topics.js';
import { symbols } from './symbols.js';

/** Every text of the program in English. Its type is what the other language has to satisfy. */
export const en = {
  auth,
  batches,
  config,
  customers,
  demo,
  devices,
  doctor,
  errors,
  fields,
  help,
  history,
  labels,
  lessons,
  notices,
  pick,
  plan,
  progress,
  reboot,
  sandbox,
  symbols,
  terminal,
  topics,
};
export type Messages = typeof en;
