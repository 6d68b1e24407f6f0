import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';
import type { StatusError } from '../errors/status-error.js';
import { checkFunction, checkNumber } from '../values/check.js';
import { Code } from '../status/code.js';
import { MAX_ASKED_DELAY } from '../status/retry-after.js';
import { retryDelayOf } from '../status/details.js';
import { isUsedUp } from '../status/reason.js';
import type { Failure } from '../errors/failure.js';

/**
 * How a call that failed is retried, in the words of the `exponential-backoff` package. The tries
 * are counted for each call separately: an answer starts the count again.
 */
export interface RetryOptions extends ExponentialDelayOptions {
  /** How often a call is tried in all, a whole number >= 1, or Infinity. 1 tries nothing again. Default 50. */
  readonly numOfAttempts?: number | undefined;
  /** Whether the first try waits for `startingDelay` too. Default false. */
  readonly delayFirstAttempt?: boolean | undefined;
  /**
   * Decides whether an error is worth another try. Default: `isTransient`, except that a host without an address,
   * if it was never reached, is given up after 30 s. It is not
   * asked about NOT_FOUND while `poll` survives that, for an operation that was just started. What it
   * throws ends the wait in place of the error.
   *
   * @param error - What went wrong; its `cause` is what the client threw.
   * @param attempt - How many tries have failed, from 1 on.
   */
  readonly retry?:
    | ((error: StatusError, attempt: number) => boolean | PromiseLike<boolean>)
    | undefined;
}

/** The options with nothing left open. @internal */
export interface Retry extends ExponentialDelay {
  readonly numOfAttempts: number;
  readonly delayFirstAttempt: boolean;
  readonly retry: RetryOptions['retry'];
}

// Jitter spreads the callers that failed together. The tries last 4 minutes in the mean; all of them
// falling into the first two is as good as impossible, so a two-minute outage is survived.
const defaultRetry: Retry = Object.freeze({
  startingDelay: 500,
  timeMultiple: 2,
  maxDelay: 10_000,
  jitter: 'full',
  numOfAttempts: 50,
  delayFirstAttempt: false,
  retry: undefined,
});

const transientCodes: ReadonlySet<number> = new Set([
  Code.CANCELLED,
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.INTERNAL,
  Code.ABORTED,
]);

/**
 * Fills the options and checks them.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveRetry(options?: RetryOptions | null): Retry {
  // One object for all: many waits at once are many settings.
  if (options == null) return defaultRetry;
  const numbers = resolveExponentialDelay('retry', options, defaultRetry);
  const numOfAttempts = options.numOfAttempts ?? defaultRetry.numOfAttempts;
  checkNumber('retry.numOfAttempts', numOfAttempts, { min: 1, whole: true, infinite: true });
  const retry = options.retry ?? undefined;
  if (retry !== undefined) checkFunction('retry.retry', retry);
  return {
    ...numbers,
    numOfAttempts,
    delayFirstAttempt: options.delayFirstAttempt ?? false,
    retry,
  };
}

/**
 * Whether an error usually passes by itself: UNAVAILABLE (failures of the network too),
 * DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, ABORTED or CANCELLED, in a call that failed. A call that
 * the caller gave up does not fail, so CANCELLED means that something on the way broke it off. A host without an
 * address is UNAVAILABLE. A quota that is used up, as `details` tell, does not pass, unless the server says when to
 * try again.
 *
 * @param error - An error of this library.
 * @returns True when the call is worth another try.
 *
 * @example
 * ```ts
 * import { Code, isTransient, type RetryOptions } from 'rx-lro';
 *
 * export const retry: RetryOptions = {
 *   retry: (error) => isTransient(error) || error.code === Code.UNKNOWN,
 * };
 * ```
 */
export function isTransient({
  kind,
  code,
  details = [],
}: Pick<StatusError, 'kind' | 'code'> & Partial<Pick<StatusError, 'details'>>): boolean {
  const isKind = kind === 'call-failed' && transientCodes.has(code);
  // A reason does not beat a time that the server names.
  return isKind && (!isUsedUp(details) || retryDelayOf({ details }) !== undefined);
}

/**
 * How long to wait before a call that failed is retried.
 *
 * @param attempt - How many tries have failed, from 1 on.
 * @param random - From 0 to 1: which part of the delay it is, with full jitter.
 * @returns `delay`, and `floor`, below which it may not be cut: what the server asked for, up to an
 * hour. Milliseconds both.
 * @internal
 */
export function retryDelay(
  retry: Retry,
  { askedDelay = 0 }: Failure,
  attempt: number,
  random: number,
): { readonly delay: number; readonly floor: number } {
  const floor = Math.min(askedDelay, MAX_ASKED_DELAY);
  const own = exponentialDelay(retry, attempt, retry.delayFirstAttempt, random);
  return { delay: Math.max(own, floor), floor };
}
