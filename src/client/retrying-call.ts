import { Subscription, type ObservableInput, type SchedulerLike } from 'rxjs';
import type { StatusError } from '../errors/status-error.js';
import { tell, type EventListener } from '../events/events.js';
import { isErrorEnvelope } from '../operation/decode.js';
import { exponentialDelay } from '../backoff/exponential-delay.js';
import { isTransient, retryDelay, type Retry } from '../retry/retry.js';
import { Code } from '../status/code.js';
import { runAfter } from '../time/clock.js';
import { makeCall } from './call.js';
import type { CallOptions, Method } from './client.js';
import { failureOf, type CallSubject } from './failure.js';

/** What every call of one caller has in common. @internal */
export interface CallSettings {
  /** How long one call may take, in milliseconds. */
  readonly callTimeout: number;
  /** How a call that failed is tried again. */
  readonly retry: Retry;
  /** Every timer and every reading of the clock. */
  readonly scheduler: SchedulerLike;
  /** Is told what happens. */
  readonly onEvent: EventListener | undefined;
}

/** One call, with all its tries. @internal */
export interface RetryingCall<T> extends CallSubject {
  readonly method: Method;
  /** Makes the call; undefined when the client has no such method. */
  readonly start: ((options: CallOptions) => ObservableInput<unknown>) | undefined;
  /** Reads the answer. What it throws is a failure of the call. */
  readonly read: (answer: unknown) => T;
  /** Whether the server may not know the operation yet, so that NOT_FOUND is worth another try. */
  readonly mayBeUnseen?: () => boolean;
  /** Shortens a delay, not below the floor; Infinity when there is no time for another try. */
  readonly fit?: (delay: number, floor: number) => number;
  readonly onAnswer: (value: T, duration: number) => void;
  /** Is told of a failure that is to be survived. */
  readonly onRetry?: (error: StatusError) => void;
  /** Takes the failure that is not survived: a StatusError, or what the user's own `retry` threw. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Makes a call until it is answered, or until its failure is not to be survived.
 *
 * @param task - Ends whatever is under way when it is unsubscribed.
 * @internal
 */
export function callWithRetry<T>(
  task: Subscription,
  call: RetryingCall<T>,
  settings: CallSettings,
): void {
  const { method, name, start } = call;
  const { scheduler, retry, onEvent } = settings;

  if (start === undefined) {
    const message = `The client has no method \`${method}\``;
    const status = { code: Code.UNIMPLEMENTED, message, details: [] };
    call.onFailed(failureOf(call, status, 1));
    return;
  }

  const attempt = (number: number): void => {
    const begun = scheduler.now();
    tell(onEvent, { type: 'call', method, name, attempt: number, time: begun });
    // The listener may have ended it all.
    if (task.closed) return;
    const single = new Subscription();
    task.add(single);
    const failed = (thrown: unknown): void => {
      const error = failureOf(call, thrown, number);
      const time = scheduler.now();
      const duration = time - begun;
      tell(onEvent, { type: 'failure', method, name, attempt: number, duration, error, time });
      if (!task.closed) survive(error, number);
    };
    makeCall(
      single,
      start,
      scheduler,
      settings.callTimeout,
      (answer) => {
        let value: T;
        try {
          if (isErrorEnvelope(answer)) return failed(answer);
          value = call.read(answer);
        } catch (error) {
          return failed(error);
        }
        const time = scheduler.now();
        const duration = time - begun;
        tell(onEvent, { type: 'answer', method, name, attempt: number, duration, time });
        if (!task.closed) call.onAnswer(value, duration);
      },
      failed,
    );
  };

  const survive = (error: StatusError, number: number): void => {
    if (number >= retry.numOfAttempts) return call.onFailed(error);
    let verdict: boolean | PromiseLike<boolean>;
    try {
      verdict = worthAnotherTry(call, retry, error, number);
    } catch (thrown) {
      if (!task.closed) call.onFailed(thrown);
      return;
    }
    // To be asked for a verdict may have been the occasion to leave, or to abort.
    if (task.closed) return;
    if (typeof verdict === 'boolean') return decide(verdict, error, number);
    const waiting = new Subscription();
    task.add(waiting);
    Promise.resolve(verdict).then(
      (resolved) => {
        if (waiting.closed) return;
        waiting.unsubscribe();
        decide(resolved, error, number);
      },
      (thrown: unknown) => {
        if (waiting.closed) return;
        waiting.unsubscribe();
        call.onFailed(thrown);
      },
    );
  };

  const decide = (again: boolean, error: StatusError, number: number): void => {
    if (!again) return call.onFailed(error);
    const { delay, floor } = retryDelay(retry, error, number);
    call.onRetry?.(error);
    pause(call.fit?.(delay, floor) ?? delay, number + 1);
  };

  const pause = (delay: number, next: number): void => {
    // No time is left for another try.
    if (delay === Infinity) return;
    tell(onEvent, { type: 'retry', method, name, attempt: next, delay, time: scheduler.now() });
    if (!task.closed) wait(delay, next);
  };

  const wait = (delay: number, next: number): void => {
    const waiting = new Subscription();
    task.add(waiting);
    runAfter(waiting, scheduler, delay, () => {
      waiting.unsubscribe();
      attempt(next);
    });
  };

  if (retry.delayFirstAttempt) {
    const delay = exponentialDelay(retry, 0, true);
    wait(call.fit?.(delay, 0) ?? delay, 1);
  } else {
    attempt(1);
  }
}

function worthAnotherTry(
  call: { readonly mayBeUnseen?: () => boolean },
  retry: Retry,
  error: StatusError,
  attempt: number,
): boolean | PromiseLike<boolean> {
  if (error.code === Code.NOT_FOUND && call.mayBeUnseen?.() === true) return true;
  return retry.retry === undefined ? isTransient(error) : retry.retry(error, attempt);
}
