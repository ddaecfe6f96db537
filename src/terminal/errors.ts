import type { Context } from '../context.js';
import { type ErrorCode, type ErrorParams, type ExitCode, RemoError } from '../errors.js';
import type { ErrorText } from '../messages/error-text.js';
import type { Output } from '../outputs.js';
import { inline, jsonText, multiline } from './sanitise.js';
import { styleOf } from './style.js';

/** The sentences for an error in the user's language, with what servers contributed made harmless. */
export function errorText(error: RemoError, context: Context): ErrorText {
  const texts = context.messages.errors as { [C in ErrorCode]: (params: ErrorParams[C]) => ErrorText };
  const make = texts[error.code] as (params: unknown) => ErrorText;
  const { devices, ...text } = make(harmless(error.params, error.is('internal')));
  return devices !== undefined && context.instructsReboots ? { ...text, devices } : text;
}

/**
 * Tells an error on stderr: what happened, what it means for the devices, what to do next, the request id;
 * with `-o json` or `ndjson` one JSON object (a line) besides.
 * @param exitCode that of the command, where other things than the error decide on it too
 */
export async function renderError(
  error: RemoError,
  context: Context,
  exitCode: ExitCode = error.exitCode,
): Promise<void> {
  const { what, devices, ...text } = errorText(await withShortValue(error, context), context);
  const requestId = 'requestId' in error.params ? error.params.requestId : undefined;
  const { labels } = context.messages;
  const next = [text.next ?? '', isOfSurroundings(error) ? labels.findCause : ''].filter(line => line);
  const json = settled(() => context.format === 'json' || context.format === 'ndjson');
  const coloured = settled(() => context.colors('stderr'));
  const label = coloured ? (await styleOf(context, 'stderr')).bad(labels.error) : labels.error;
  // Leaving is a decision, not an error.
  const lines = [error.is('declined', 'interrupted') ? what : `${label} ${what}`];
  if (devices) lines.push(devices);
  lines.push(...next);
  if (requestId) lines.push(`${labels.requestId}: ${inline(requestId)}`);
  context.io.err(lines.join('\n'));
  if (json) {
    const text = { what, devices, next: next.join(' ') };
    context.io.errData(jsonText(asData(error, text, exitCode, requestId)));
  }
}

/** The cells that a value which can't be used is repeated in. */
const repeated = 80;

/** Of a value that is long, the beginning shows which it is. */
async function withShortValue(error: RemoError, { messages }: Context): Promise<RemoError> {
  if (!error.is('invalid_value') || error.params.value.length <= repeated / 2) return error;
  const { truncate } = await import('./width.js');
  return new RemoError('invalid_value', {
    ...error.params,
    value: truncate(inline(error.params.value), repeated, messages.symbols.cut),
  });
}

/** Whether the machine or its network may be what is wrong, which `remo doctor` looks at. */
function isOfSurroundings(error: RemoError): boolean {
  if (error.is('network')) return error.params.trouble !== 'reset';
  return error.is('discovery', 'keychain_unavailable', 'clock_off');
}

function asData(
  error: RemoError,
  { what, devices, next }: { what: string; devices: string | undefined; next: string },
  exitCode: ExitCode,
  requestId?: string,
): Output<'error'> {
  const { requestId: _shown, lost: _internal, ...params } = error.params as Record<string, unknown>;
  return {
    error: {
      code: error.code,
      exit_code: exitCode,
      message: what,
      ...(devices ? { devices } : {}),
      ...(next ? { next } : {}),
      ...(requestId ? { request_id: requestId } : {}),
      params,
    },
  };
}

/** A setting may be the very thing that the error is about; then its default counts. */
function settled(read: () => boolean): boolean {
  try {
    return read();
  } catch {
    return false;
  }
}

/** Longer than nearly any path or address; a sentence has no room for a name that is made to fill the screen. */
const longestText = 1_000;
const shortened = (text: string) => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/** Every text within parameters on one line and without control characters; our own stack trace keeps its lines. */
function harmless(value: unknown, ours = false): unknown {
  if (typeof value === 'string') return ours ? multiline(value) : inline(shortened(value));
  if (Array.isArray(value)) return value.map(item => harmless(item, ours));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, harmless(item, ours)]));
  }
  return value;
}
