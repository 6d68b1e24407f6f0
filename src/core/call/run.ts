import { Subscription } from 'rxjs';
import { callTimeoutOf } from './call-timeout.js';
import type { Method, OperationsClient } from '../client.js';
import { RetryingCall, type CallOwner } from './retrying-call.js';
import type { CallSettings } from './settings.js';
import { callTimerOf } from './call-timer.js';
import { abortReason, onAbort, type AbortSignalLike } from '../platform/abort-signal.js';

/**
 * Runs something that can be ended as a promise.
 *
 * @param begin - Begins it; what it starts hangs on the task.
 * @returns A promise that rejects with the signal's own reason when it is aborted.
 * @internal
 */
export function runToPromise<T>(
  signal: AbortSignalLike | undefined,
  begin: (
    task: Subscription,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(abortReason(signal));
    const task = new Subscription();
    if (signal !== undefined) {
      const stopListening = onAbort(signal, () => {
        task.unsubscribe();
        reject(abortReason(signal));
      });
      task.add(stopListening);
    }
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V): void => {
        task.unsubscribe();
        how(value);
      };
    begin(task, settle(resolve), settle(reject));
  });
}

/**
 * Makes a call until it is answered, or until its failure is not to be survived.
 *
 * @param task - Ends whatever is under way when it is unsubscribed.
 * @internal
 */
export function runCall<T>(
  task: Subscription,
  client: OperationsClient,
  method: Method,
  owner: CallOwner<T>,
  settings: CallSettings,
): void {
  const timer = callTimerOf(settings.scheduler, callTimeoutOf(client, settings.callTimeout));
  const call = new RetryingCall(owner, settings, timer, method);
  task.add(() => {
    call.stop();
    timer?.stop();
  });
  // It may have been given up before it begins.
  if (!task.closed) call.begin();
}
