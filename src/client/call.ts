import { from, type ObservableInput, type SchedulerLike, type Subscription } from 'rxjs';
import { newAbortController } from '../abort/controller.js';
import { abortError } from '../abort/signal.js';
import { runAfter } from '../time/clock.js';
import type { CallOptions } from './client.js';

/**
 * Makes one call: from its start to its first value, its failure, or the end of its time.
 *
 * @param task - Ends the call, and aborts its signal, when it is unsubscribed. Closed once the call
 * has ended by itself.
 * @param timeout - Milliseconds; then it fails with a TimeoutError.
 * @param onValue - Takes the first value; undefined when the answer completes with none.
 * @internal
 */
export function makeCall(
  task: Subscription,
  start: (options: CallOptions) => ObservableInput<unknown>,
  scheduler: SchedulerLike,
  timeout: number,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  let controller: AbortController | undefined;
  let answered = false;
  let reason: unknown;
  const settle = (): void => {
    answered = true;
    task.unsubscribe();
  };
  const options: CallOptions = {
    // Made when it is asked for: most calls of a large fleet never are.
    get signal() {
      if (controller === undefined) {
        controller = newAbortController();
        if (task.closed && !answered) controller.abort(reason);
      }
      return controller.signal;
    },
  };
  task.add(() => {
    if (!answered) controller?.abort(reason);
  });
  runAfter(task, scheduler, timeout, () => {
    reason = abortError('TimeoutError', `No answer within ${timeout} ms`);
    task.unsubscribe();
    onError(reason);
  });
  try {
    task.add(
      from(start(options)).subscribe({
        next: (value) => {
          if (task.closed) return;
          settle();
          onValue(value);
        },
        error: (error: unknown) => {
          if (task.closed) return;
          settle();
          onError(error);
        },
        complete: () => {
          if (task.closed) return;
          settle();
          onValue(undefined);
        },
      }),
    );
  } catch (error) {
    if (task.closed) return;
    settle();
    onError(error);
  }
}
