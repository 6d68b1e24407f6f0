import { defaultBackoff } from '../core/policy/backoff.js';
import {
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from '../core/policy/exponential-delay.js';
import { checkNumber } from '../core/values/check.js';

/**
 * Options of `learnedBackoff` and `durationHistory`. `startingDelay` is the shortest delay of all;
 * with the other numbers it makes the plain backoff that is used where the past says nothing.
 */
export interface LearnedBackoffOptions extends ExponentialDelayOptions {
  /**
   * How much sooner the result must come for one more call to be worth it, in milliseconds, > 0: the
   * mean delay plus this for each call is as small as it can be. Default: what makes the result come as
   * soon as with plain backoff in the mean, with as few calls as possible.
   */
  readonly worth?: number | undefined;
  /**
   * How many times the plain delay at the same time a delay may be at most, >= 1, or Infinity. It
   * bounds how late the result can be however wrong the past is, and costs more calls the closer it is to 1.
   * Default Infinity: before the end is likely there is no call.
   */
  readonly maxFactor?: number | undefined;
}

/** What a plan is made by. @internal */
export interface PlanSettings {
  /** Plain backoff, for when nothing is known. */
  readonly plain: ExponentialDelay;
  /** How much delay a call is worth, in milliseconds; undefined for a result as soon as with plain backoff. */
  readonly worth: number | undefined;
  /** How many times the plain delay a delay may be at most. */
  readonly maxFactor: number;
}

/**
 * Fills the options and checks them.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveLearnedOptions(options: LearnedBackoffOptions): PlanSettings {
  const plain = resolveExponentialDelay('options', options, defaultBackoff);
  const worth = options.worth ?? undefined;
  const maxFactor = options.maxFactor ?? Infinity;
  if (worth !== undefined) checkNumber('options.worth', worth, { above: 0 });
  checkNumber('options.maxFactor', maxFactor, { min: 1, infinite: true });
  return { plain, worth, maxFactor };
}

/**
 * What plain backoff waits when it has come to a time: the same as by counting, but for what the calls
 * take.
 *
 * @param time - Milliseconds.
 * @internal
 */
export function plainDelayAt(
  { startingDelay, timeMultiple, maxDelay }: ExponentialDelay,
  time: number,
): number {
  return Math.min(maxDelay, startingDelay + (timeMultiple - 1) * time);
}

/**
 * The longest delay that may begin at a time.
 *
 * @param time - Milliseconds.
 * @internal
 */
export function longestDelayAt({ plain, maxFactor }: PlanSettings, time: number): number {
  return maxFactor === Infinity ? Infinity : maxFactor * plainDelayAt(plain, time);
}
