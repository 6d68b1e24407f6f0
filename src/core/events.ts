import type { SchedulerLike } from 'rxjs';
import type { Method } from './client.js';
import { isPromiseLike } from './answer/decoder.js';
import type { StatusError } from './errors/status-error.js';
import type { Operation } from './operation.js';

/** A call is about to be made. */
export interface CallEvent {
  /** `'call'` */
  readonly type: 'call';
  /** The method. */
  readonly method: Method;
  /** What it is about: the name of the operation or of the parent; empty for a list of all parents. */
  readonly name: string;
  /** Which try it is, from 1 on. */
  readonly attempt: number;
  /** When, in milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** A call was answered. */
export interface AnswerEvent extends Omit<CallEvent, 'type'> {
  /** `'answer'` */
  readonly type: 'answer';
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** A call failed. A retry follows, the end, or Get where Wait is given up. */
export interface FailureEvent extends Omit<CallEvent, 'type'> {
  /** `'failure'` */
  readonly type: 'failure';
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** What went wrong. */
  readonly error: StatusError;
}

/** A call that failed is to be tried again. */
export interface RetryEvent extends Omit<CallEvent, 'type'> {
  /** `'retry'` */
  readonly type: 'retry';
  /** How long is waited before, in milliseconds. */
  readonly delay: number;
}

/** An answer said "not done", and the next one is waited for. */
export interface DelayEvent {
  /** `'delay'` */
  readonly type: 'delay';
  /** The name of the operation. */
  readonly name: string;
  /** How many answers said "not done" so far, from 1 on. */
  readonly attempt: number;
  /** How long is waited, in milliseconds. */
  readonly delay: number;
  /** When, in milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** The signal was aborted: the operation is to be cancelled. */
export interface CancelEvent {
  /** `'cancel'` */
  readonly type: 'cancel';
  /** The name of the operation; empty while it is not known. */
  readonly name: string;
  /** The signal's reason. */
  readonly reason: unknown;
  /** When, in milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** The operation is done, in success or in failure: the wait has learnt the outcome. */
export interface DoneEvent {
  /** `'done'` */
  readonly type: 'done';
  /** The name of the operation. */
  readonly name: string;
  /** The final snapshot, as it came. */
  readonly operation: Operation;
  /** Time since the subscription, in milliseconds. */
  readonly elapsed: number;
  /**
   * It ended at most this long before, in milliseconds: the time since the last look that said "not done".
   * 0 where the server told by itself (Wait); undefined where the first look said "done".
   */
  readonly within: number | undefined;
  /** Whether the wait was given a snapshot or a start call, and not a bare name. */
  readonly started: boolean;
  /** When, in milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** The metadata of a snapshot is not what `metadata` takes; the snapshot goes on without it. */
export interface MetadataMismatchEvent {
  /** `'metadata-mismatch'` */
  readonly type: 'metadata-mismatch';
  /** The name of the operation. */
  readonly name: string;
  /** The snapshot, its metadata as it came. */
  readonly operation: Operation;
  /** What the function threw, or the issues of the schema. */
  readonly error: unknown;
  /** When, in milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** What happens during a wait or a call, told apart by `type`. For logs and traces. */
export type OperationEvent =
  | CallEvent
  | AnswerEvent
  | FailureEvent
  | RetryEvent
  | DelayEvent
  | CancelEvent
  | DoneEvent
  | MetadataMismatchEvent;

/** Takes what happens. What it throws changes nothing. */
export type EventListener = (event: OperationEvent) => void;

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
    // A fault in somebody's log must not lose an operation.
  }
}

/**
 * Makes what tells a listener of metadata that is not taken.
 *
 * @internal
 */
export function mismatchTeller(
  { onEvent, scheduler }: { onEvent: EventListener | undefined; scheduler: SchedulerLike },
  name: string,
  operation: Operation,
): (error: unknown) => void {
  return (error) =>
    tell(onEvent, { type: 'metadata-mismatch', name, operation, error, time: scheduler.now() });
}
