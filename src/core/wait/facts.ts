import type { Method } from '../client.js';
import type { Failure } from '../errors/failure.js';
import type { Retry } from '../policy/retry.js';
import type { Hold } from './hold.js';

/** The settings that the rules need. Times in milliseconds; Infinity means no limit. @internal */
export interface Terms {
  readonly timeout: number;
  readonly cancelTimeout: number;
  readonly retry: Retry;
}

/** A call that is not answered yet. @internal */
export interface PendingCall {
  method: Method;
  /** Which try it is, from 1 on; 0 before the first. */
  tries: number;
  triedAt: number;
}

/**
 * What one wait knows. Plain data, which decides the same after `JSON.parse(JSON.stringify(facts))`. The
 * rules write it; the shell adds what a backoff remembers, and what other waits have learned of Wait. The
 * snapshot is not a fact: the shell keeps it, or a hash of it. Times are in milliseconds of the shell's
 * clock. What most waits never know is absent.
 *
 * @internal
 */
export interface Facts {
  /** Empty until a start call has told it. */
  name: string;
  readonly begun: number;
  /** Whether one call is all that was asked for. */
  isOnce: boolean;
  /** Whether there was a snapshot, and whether the latest one is done. */
  isKnown: boolean;
  isDone: boolean;
  /** Whether it may have been started a moment ago: not a bare name was given. */
  isFresh: boolean;
  /** Until when NOT_FOUND may mean that the server does not know the operation yet. */
  unseenUntil?: number | undefined;
  /** Whether the server was reached, and since when its host has had no address. */
  isReached: boolean;
  unresolvedSince?: number;
  call: PendingCall | undefined;
  /** How many answers said "not done" since the start of the backoff, and the delay after the last one. */
  attempt: number;
  delay: number;
  /** When the last call began that was answered by "not done". */
  notDoneAt: number | undefined;
  /** How long after the last answer the server wants to be asked next. */
  pollAfter: number | undefined;
  slowestCall: number;
  /** How the last call failed. Undefined once one was answered. */
  failure?: Failure | undefined;
  cancel?: { at: number; stage: 'wanted' | 'sent' | 'failed'; failure?: Failure };
  /** What is known of held calls. Undefined where `wait` is not called. */
  hold?: Hold;
  /** What is known of a notifier. Undefined where there is none. */
  notices?: Notices;
  /** What the backoff remembers. */
  memory?: Record<string, unknown> | undefined;
}

/** What one wait knows of its notifier. @internal */
export interface Notices {
  /** Whether there was a value after which no call has begun. */
  isPending: boolean;
  /** When the last call began that asks about the operation. */
  askedAt?: number | undefined;
  /** When the delay before the next one ends, where it may be cut. */
  sleepsUntil?: number | undefined;
}

/** What the rules have to know of a snapshot. @internal */
export interface Seen {
  readonly done: boolean;
  /** Whether it differs from the one that was shown last. */
  readonly changed: boolean;
  /** How long from now on the server wants to be asked next, in milliseconds. */
  readonly pollAfter?: number | undefined;
}

/** What happened. @internal */
export type Happening =
  /** One call is to be made, and nothing else. */
  | { readonly what: 'asked'; readonly name: string; readonly method: Method }
  /** The operation to wait for is known. Without `seen`, only its name. */
  | {
      readonly what: 'started';
      readonly name: string;
      readonly isFresh: boolean;
      readonly seen?: Seen | undefined;
    }
  /** The call was answered. Without `seen`, the answer says nothing of the operation. */
  | { readonly what: 'answered'; readonly seen?: Seen | undefined }
  /** The call failed. `isFinal`: there is no point in another try. */
  | { readonly what: 'failed'; readonly failure: Failure; readonly isFinal?: boolean }
  /** The caller's `retry` has decided. */
  | { readonly what: 'judged'; readonly again: boolean }
  /** The caller's `backoff` has chosen. */
  | { readonly what: 'chosen'; readonly delay: number }
  /** The snapshot was shown; the delay is over; the notifier has emitted; the operation is to be cancelled. */
  | { readonly what: 'shown' | 'slept' | 'notified' | 'cancelled' };

/**
 * What to do next. One thing is under way at a time: the next one ends the one before.
 *
 * `call`: make the call of the facts. `judge`: ask the caller's `retry`. `choose`: ask the caller's
 * `backoff`. `sleep`: let time pass. `show`: emit what was answered. `fail`: end with an error. `rest`:
 * begin nothing; what is under way goes on, and otherwise only the end is waited for.
 *
 * @internal
 */
export type Step =
  | { readonly do: 'call' | 'judge' | 'choose' | 'show' | 'rest' }
  | { readonly do: 'sleep'; readonly delay: number; readonly before?: 'poll' | 'retry' }
  | { readonly do: 'fail'; readonly why: 'call' | 'not-confirmed' };

/** When a wait ends whatever happens, and why. @internal */
export interface End {
  readonly at: number;
  readonly why: 'timeout' | 'not-confirmed';
}

/**
 * Makes the facts of a wait that begins.
 *
 * @param begun - The time, in milliseconds.
 * @internal
 */
export function newFacts(begun: number, hold?: Hold, hasNotifier = false): Facts {
  return {
    name: '',
    begun,
    isOnce: false,
    isKnown: false,
    isDone: false,
    isFresh: false,
    isReached: false,
    call: undefined,
    attempt: 0,
    delay: 0,
    notDoneAt: undefined,
    pollAfter: undefined,
    slowestCall: 0,
    ...(hold === undefined ? undefined : { hold }),
    ...(hasNotifier ? { notices: { isPending: false } } : undefined),
  };
}
