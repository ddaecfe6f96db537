/** An attempt's own time limit has passed; the reason its signal is aborted with. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor(ms: number) {
    super(`${ms} ms`);
  }
}

/**
 * A signal for one attempt: aborted after `ms`, or with the reason of the first of the others. Not
 * AbortSignal.any and .timeout, which hold on to long-lived signals once per request, and whose timer lets
 * the process end before the answer.
 */
export function limited(
  ms: number,
  others: readonly AbortSignal[],
): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new OutOfTime(ms)), ms);
  const listeners = others.map(other => {
    const pass = () => controller.abort(other.reason);
    other.addEventListener('abort', pass, { once: true });
    if (other.aborted) pass();
    return () => other.removeEventListener('abort', pass);
  });
  const release = () => {
    clearTimeout(timer);
    for (const remove of listeners) remove();
  };
  return { signal: controller.signal, release };
}
