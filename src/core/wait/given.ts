import type { Backoff } from '../policy/backoff.js';
import type { ExponentialDelayOptions } from '../policy/exponential-delay.js';
import type { RetryOptions } from '../policy/retry.js';
import type { PollOptions } from '../options.js';

/**
 * Copies options, each by its name and once: one that is inherited counts too, a getter may say something
 * else the next time, and what was given may change.
 *
 * @internal
 */
export function copyOptions<Response, Metadata>(
  options: PollOptions<Response, Metadata>,
): PollOptions<Response, Metadata> {
  return {
    signal: options.signal,
    onAbort: options.onAbort,
    cancelTimeout: options.cancelTimeout,
    timeout: options.timeout,
    holdTimeout: options.holdTimeout,
    backoff: copyBackoff(options.backoff),
    response: options.response,
    metadata: options.metadata,
    callTimeout: options.callTimeout,
    retry: copyRetry(options.retry),
    onEvent: options.onEvent,
    scheduler: options.scheduler,
  };
}

function copyBackoff(given: Backoff | undefined): Backoff | undefined {
  if (!isCopied(given)) return given;
  const { startingDelay, timeMultiple, maxDelay, jitter } = given;
  return { startingDelay, timeMultiple, maxDelay, jitter };
}

function copyRetry(given: RetryOptions | undefined): RetryOptions | undefined {
  if (!isCopied(given)) return given;
  const { startingDelay, timeMultiple, maxDelay, jitter } = given;
  const { numOfAttempts, delayFirstAttempt, retry } = given;
  // Written out: spreading takes its time, and every wait has its options copied.
  return {
    startingDelay,
    timeMultiple,
    maxDelay,
    jitter,
    numOfAttempts,
    delayFirstAttempt,
    retry,
  };
}

// What is none of these is left as it is, to be refused for what it is.
function isCopied<T>(value: T): value is Exclude<T & object, (...given: never[]) => unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells whether two copies of options say the same. @internal */
export function isSameOptions(one: PollOptions, other: PollOptions): boolean {
  return (
    one.signal === other.signal &&
    one.onAbort === other.onAbort &&
    one.cancelTimeout === other.cancelTimeout &&
    one.timeout === other.timeout &&
    one.holdTimeout === other.holdTimeout &&
    isSameBackoff(one.backoff, other.backoff) &&
    one.response === other.response &&
    one.metadata === other.metadata &&
    one.callTimeout === other.callTimeout &&
    isSameRetry(one.retry, other.retry) &&
    one.onEvent === other.onEvent &&
    one.scheduler === other.scheduler
  );
}

function isSameBackoff(one: Backoff | undefined, other: Backoff | undefined): boolean {
  return one === other || (isCopied(one) && isCopied(other) && isSameDelay(one, other));
}

function isSameRetry(one: RetryOptions | undefined, other: RetryOptions | undefined): boolean {
  if (!isCopied(one) || !isCopied(other)) return one === other;
  return (
    isSameDelay(one, other) &&
    one.numOfAttempts === other.numOfAttempts &&
    one.delayFirstAttempt === other.delayFirstAttempt &&
    one.retry === other.retry
  );
}

function isSameDelay(one: ExponentialDelayOptions, other: ExponentialDelayOptions): boolean {
  return (
    one.startingDelay === other.startingDelay &&
    one.timeMultiple === other.timeMultiple &&
    one.maxDelay === other.maxDelay &&
    one.jitter === other.jitter
  );
}
