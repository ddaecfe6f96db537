import type { Context } from '../context.js';
import { inline } from './sanitise.js';

/** A sign of life while something takes long. */
export interface Spinner {
  update(text: string): void;
  /** Takes it off the screen; harmless when it is off already. */
  stop(): void;
}

const noSpinner: Spinner = { update() {}, stop() {} };

/** Whether something that moves may be shown on stderr: not without a terminal, with --quiet, in CI, where it is to be plain. */
export function canAnimate({ host: { env }, io, settings, signal }: Context): boolean {
  const able = io.stderrIsTerminal && !settings.plain && !env['CI'];
  return able && !settings.quiet && !signal.aborted;
}

/**
 * Shows a spinner on stderr until it is stopped or the run is interrupted, where `canAnimate`. Lines written to stderr
 * meanwhile appear above it.
 */
export async function spinner(context: Context, text: string): Promise<Spinner> {
  const { io, signal } = context;
  if (!canAnimate(context)) return noSpinner;
  const [{ default: yoctoSpinner }, { truncate }] = await Promise.all([
    import('yocto-spinner'),
    import('./width.js'),
  ]);
  // A spinner wider than the terminal would leave lines behind; the terminal's own ^C wants two cells too.
  const { cut, turning } = context.messages.symbols;
  const oneLine = (line: string) => truncate(inline(line), Math.max(1, (io.stderr.columns || 80) - 5), cut);
  const shown = yoctoSpinner({
    text: oneLine(text),
    spinner: { frames: Array.from(turning), interval: 80 },
    stream: io.stderr as NodeJS.WriteStream,
    // It has no "no colour"; the colour table it looks this up in has "reset", which its types leave out.
    color: context.colors('stderr') ? 'cyan' : ('reset' as 'cyan'),
    // Its own handler ends the process on the spot; here a signal is for `main` to answer.
    handleSignals: false,
  });
  const stop = () => {
    signal.removeEventListener('abort', stop);
    shown.stop();
  };
  signal.addEventListener('abort', stop);
  shown.start();
  return {
    update(line) {
      shown.text = oneLine(line);
    },
    stop,
  };
}
