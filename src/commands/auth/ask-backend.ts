import type { Context } from '../../context.js';
import { asRemoError } from '../../errors.js';
import { errorText } from '../../terminal/errors.js';
import { ask } from '../../terminal/prompts.js';
import { parseApiUrl } from '../../values.js';

/**
 * Asks for the address of the backend where none is configured and somebody is there to answer.
 * @throws RemoError `declined`, `interrupted`
 */
export async function askBackend(context: Context): Promise<void> {
  if (context.settings.apiUrl || !context.canAsk) return;
  const { askApiUrl, address } = context.messages.config;
  const apiUrl = await ask(context, askApiUrl, '--api-url', text => {
    try {
      parseApiUrl(text, address);
      return undefined;
    } catch (error) {
      const { what, next } = errorText(asRemoError(error), context);
      return `${what} ${next}`;
    }
  });
  context.addFlags({ apiUrl });
}
