import type { Messages } from './en.js';
import { auth } from './ja/auth.js';
import { batches } from './ja/batches.js';
import { config } from './ja/config.js';
import { customers } from './ja/customers.js';
import { demo } from './ja/demo.js';
import { devices } from './ja/devices.js';
import { doctor } from './ja/doctor.js';
import { errors } from './ja/errors.js';
import { fields } from './ja/fields.js';
import { help } from './ja/help.js';
import { history } from './ja/history.js';
import { labels } from './ja/labels.js';
import { lessons } from './ja/lessons.js';
import { notices } from './ja/notices.js';
import { pick } from './ja/pick.js';
import { plan } from './ja/plan.js';
import { progress } from './ja/progress.js';
import { reboot } from './ja/reboot.js';
import { sandbox } from './ja/sandbox.js';
import { terminal } from './ja/terminal.js';
import { topics } from './ja/topics.js';
import { symbols } from './symbols.js';

/** Every text of the program in Japanese, in the terms of the partner portal. */
export const ja: Messages = {
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
