import type { SchedulerLike } from 'rxjs';
import type { Method } from './client.js';
import { isPromiseLike } from './answer/decoder.js';
import type { StatusError } from './errors/status-error.js';
import type { Operation } from './operation.js';
import { wallTime } from './platform/clock.js';

/**
 * What happens during a wait or a call, told apart by `type`. For logs and traces.
 * `Extract<OperationEvent, { type: 'done' }>` names the type of one kind.
 */
export type OperationEvent = {
  /** The name of the operation, or of the parent for a list. Empty while it is not known. */
  readonly name: string;
  /** When, in milliseconds since the epoch, or of the clock of your `scheduler`. */
  readonly time: number;
} & (
  | {
      /** A call is about to be made. */
      readonly type: 'call';
      /** The method. */
      readonly method: Method;
      /** Which try it is, from 1. */
      readonly attempt: number;
    }
  | {
      /** A call was answered. */
      readonly type: 'answer';
      /** The method. */
      readonly method: Method;
      /** Which try it was, from 1. */
      readonly attempt: number;
      /** How long it took, in milliseconds. */
      readonly duration: number;
    }
  | {
      /** A call failed. A retry follows, or the end, or Get where Wait is given up. */
      readonly type: 'failure';
      /** The method. */
      readonly method: Method;
      /** Which try it was, from 1. */
      readonly attempt: number;
      /** How long it took, in milliseconds. */
      readonly duration: number;
      /** The error of the call. */
      readonly error: StatusError;
    }
  | {
      /** A call that failed will be retried. */
      readonly type: 'retry';
      /** The method. */
      readonly method: Method;
      /** Which try it will be, from 2. */
      readonly attempt: number;
      /** The delay before it, in milliseconds. */
      readonly delay: number;
    }
  | {
      /** An answer said "not done", and a delay begins. */
      readonly type: 'delay';
      /** How many answers said "not done" so far, from 1. */
      readonly attempt: number;
      /** The delay, in milliseconds. */
      readonly delay: number;
    }
  | {
      /** The signal was aborted: the operation is to be cancelled. */
      readonly type: 'cancel';
      /** The signal's reason. */
      readonly reason: unknown;
    }
  | {
      /** The operation is done, in success or in failure. */
      readonly type: 'done';
      /** The final snapshot, as it came. */
      readonly operation: Operation;
      /** Time since the subscription, in milliseconds. */
      readonly elapsed: number;
      /**
       * It ended at most this long before, in milliseconds: the time since the last answer that said "not
       * done". 0 where the server told by itself (Wait); undefined where the first answer said "done".
       */
      readonly within: number | undefined;
      /** Whether the wait was given a start call, or a snapshot that was not done. */
      readonly started: boolean;
    }
  | {
      /** The `notifier` failed. The wait goes on by polling. */
      readonly type: 'notifier-error';
      /** What it failed with. */
      readonly error: unknown;
    }
  | {
      /** The option `metadata` refused the metadata of a snapshot, which is then emitted without it. */
      readonly type: 'metadata-mismatch';
      /** The snapshot, its metadata as it came. */
      readonly operation: Operation;
      /** What the function threw, or the issues of the schema. */
      readonly error: unknown;
    }
);

/**
 * Tells a listener, if there is one.
 *
 * @internal
 */
export function tell<Event>(
  listener: ((event: Event) => void) | undefined,
  event: NoInfer<Event>,
): void {
  if (listener === undefined) return;
  try {
    const result: unknown = listener(event);
    if (isPromiseLike(result)) result.then(undefined, () => undefined);
  } catch {
    // A listener that throws must not end a wait.
  }
}

/** An event without its time. @internal */
export type Untimed<Event> = Event extends unknown ? Omit<Event, 'time'> : never;

/**
 * Tells a listener, if there is one, of what happens now.
 *
 * @internal
 */
export function tellNow(
  scheduler: SchedulerLike,
  onEvent: ((event: OperationEvent) => void) | undefined,
  event: Untimed<OperationEvent>,
): void {
  if (onEvent === undefined) return;
  // Set, not spread: a copy takes many times as long as the rest.
  const timed = event as { time?: number };
  timed.time = wallTime(scheduler);
  tell(onEvent, timed as OperationEvent);
}
