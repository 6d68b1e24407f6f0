import { newAbortController } from '../../core/platform/abort-controller.js';
import { abortReason, onAbort } from '../../core/platform/abort-signal.js';

// In milliseconds.
const MOST_TIME = 10_000;

/**
 * Does something until a signal is aborted, or for 10 seconds.
 *
 * @param isLimited - Whether there is a limit of time.
 * @param run - Is given a signal that is aborted at the end.
 * @returns undefined where the time is over.
 * @throws The reason of the signal, or what `run` rejects with.
 */
export async function within<Result>(
  signal: AbortSignal | null | undefined,
  isLimited: boolean,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const controller = newAbortController();
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => {
      controller.abort();
      resolve(undefined);
    };
  });
  if (signal?.aborted === true) stop();
  const stopListening = signal == null ? undefined : onAbort(signal, stop);
  const timer = isLimited ? setTimeout(stop, MOST_TIME) : undefined;
  try {
    const result = await Promise.race([stopped, run(controller.signal)]);
    if (signal?.aborted === true) throw abortReason(signal);
    return result;
  } finally {
    clearTimeout(timer);
    stopListening?.();
  }
}
