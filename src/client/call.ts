import {
  from,
  take,
  type Observable,
  type ObservableInput,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
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
    timeout: timeout === Infinity ? undefined : timeout,
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
  const fail = (error: unknown): void => {
    if (task.closed) return;
    settle();
    onError(error);
  };
  let answers: Observable<unknown>;
  try {
    answers = read(start(options));
  } catch (error) {
    return fail(error);
  }
  const subscription = answers.pipe(take(1)).subscribe({
    next: (value) => {
      if (task.closed) return;
      settle();
      try {
        onValue(value);
      } catch (error) {
        // Whatever an answer does to those who read it, the wait has to end.
        onError(error);
      }
    },
    error: fail,
    complete: () => {
      if (task.closed) return;
      settle();
      onValue(undefined);
    },
  });
  task.add(() => {
    try {
      subscription.unsubscribe();
    } catch {
      // A client that fails while it is told to stop has been told.
    }
  });
}

function read(answer: ObservableInput<unknown>): Observable<unknown> {
  try {
    return from(answer);
  } catch (cause) {
    const message =
      'The client answered with no promise, Observable or async iterable: make its method `async`';
    throw new TypeError(message, { cause });
  }
}
