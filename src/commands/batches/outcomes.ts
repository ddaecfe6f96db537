import { type Outcome, outcomes } from '../../reboot/outcome.js';
import { oneOf } from '../../values.js';

/** Outcomes as the command line names them, a comma between two. @throws RemoError `invalid_value` */
export function parseOutcomes(text: string): Outcome[] {
  return text.split(',').map(name => oneOf(...outcomes)(name.trim(), '--outcome'));
}
