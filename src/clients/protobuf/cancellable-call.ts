import { abortReason, onAbort } from '../../core/platform/abort-signal.js';

/**
 * Makes a call that an abort cancels, so that the server knows. No listener stays behind.
 *
 * @param start - Starts the call; its `cancel` tells the server to give the call up.
 * @param readError - Reads the error of a call that failed.
 * @returns What the server answers.
 * @throws The error, as `readError` gives it; the reason of the signal if that was aborted beforehand.
 * @internal
 */
export async function callUntilAbort(
  signal: AbortSignal | null | undefined,
  start: () => { readonly answer: Promise<unknown>; readonly cancel: () => void },
  readError: (error: unknown, wasAborted: boolean) => unknown,
): Promise<unknown> {
  throwIfAborted(signal);
  const { answer, cancel } = start();
  const stopListening = signal == null ? undefined : onAbort(signal, cancel);
  // It may have been aborted while the call was started.
  if (isAborted(signal)) cancel();
  try {
    return await answer;
  } catch (error) {
    throw readError(error, isAborted(signal));
  } finally {
    stopListening?.();
  }
}

/** Throws the reason of a signal that was aborted. @internal */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal);
}

// A function, because the compiler assumes that what was false once stays false.
function isAborted(signal: AbortSignal | null | undefined): boolean {
  return signal?.aborted === true;
}
