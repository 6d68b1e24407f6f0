import { DelayFactory } from 'exponential-backoff/dist/delay/delay.factory.js';
import { checkNumber, checkObject, checkWord } from '../values/check.js';
import { MAX_DELAY } from '../platform/clock.js';

/** How a delay grows, in the words of the `exponential-backoff` package. */
export interface ExponentialDelayOptions {
  /** The first delay, in milliseconds, >= 0. */
  readonly startingDelay?: number | undefined;
  /** By what the delay is multiplied each time, >= 1. */
  readonly timeMultiple?: number | undefined;
  /** The longest delay, in milliseconds, >= 0 or Infinity; never over 2^31 - 1. */
  readonly maxDelay?: number | undefined;
  /** `'none'`: the delay as it is. `'full'`: a random part of it, from 0 to the whole. */
  readonly jitter?: 'none' | 'full' | undefined;
}

/** The options with nothing left open. @internal */
export type ExponentialDelay = {
  readonly [Option in keyof ExponentialDelayOptions]-?: NonNullable<
    ExponentialDelayOptions[Option]
  >;
};

/**
 * Fills the options and checks them.
 *
 * @param path - What the options are called in an error, such as `retry`.
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveExponentialDelay(
  path: string,
  given: ExponentialDelayOptions,
  defaults: ExponentialDelay,
): ExponentialDelay {
  checkObject(path, given);
  const startingDelay = given.startingDelay ?? defaults.startingDelay;
  const timeMultiple = given.timeMultiple ?? defaults.timeMultiple;
  const maxDelay = given.maxDelay ?? defaults.maxDelay;
  const jitter = given.jitter ?? defaults.jitter;
  checkNumber(`${path}.startingDelay`, startingDelay, { min: 0 });
  checkNumber(`${path}.timeMultiple`, timeMultiple, { min: 1 });
  checkNumber(`${path}.maxDelay`, maxDelay, { min: 0, infinite: true });
  checkWord(`${path}.jitter`, jitter, ['none', 'full']);
  return { startingDelay, timeMultiple, maxDelay, jitter };
}

/**
 * The delay before an attempt, as `exponential-backoff` computes it, within what a timer can do.
 *
 * Its `backOff` sleeps with timers of its own, which nothing can clear and no scheduler sees. So only
 * its computation is used, for which its version is pinned.
 *
 * @param attempt - From 1 on; 0 for the one before the first attempt, with `delayFirstAttempt`.
 * @param random - From 0 to 1: which part of the delay it is, with full jitter. Drawn where it is not given.
 * @returns Milliseconds, from 0 to 2^31 - 1.
 * @internal
 */
export function exponentialDelay(
  options: ExponentialDelay,
  attempt: number,
  delayFirstAttempt = false,
  random?: number,
): number {
  const { startingDelay, timeMultiple, maxDelay } = options;
  // Field by field: a spread takes many times as long as the rest.
  const settings = {
    startingDelay,
    timeMultiple,
    maxDelay,
    jitter: 'none' as const,
    delayFirstAttempt,
  };
  // Its other options do not affect a delay.
  const computed = DelayFactory(settings as Parameters<typeof DelayFactory>[0], attempt);
  const { jitteredDelay } = computed as unknown as { readonly jitteredDelay: number };
  const delay = jittered(options.jitter, jitteredDelay, random);
  // 0 times a power that has grown to Infinity is NaN.
  return Math.min(delay || 0, MAX_DELAY);
}

/**
 * A delay with jitter, by the formula of `exponential-backoff`, which takes no random number from a caller.
 *
 * @param random - From 0 to 1: which part of the delay it is, with full jitter. Drawn where it is not given.
 * @internal
 */
export function jittered(
  jitter: ExponentialDelay['jitter'],
  delay: number,
  random: number = Math.random(),
): number {
  return jitter === 'full' ? Math.round(random * delay) : delay;
}
