/** How many calls per second a server is asked to take. @internal */
export interface CallRate {
  /** Calls per second. */
  readonly rate: number;
  /** When it was last changed, in milliseconds. */
  readonly changed: number;
  /** When it was last lowered, in milliseconds: what was called before tells nothing new. */
  readonly lowered: number;
}

// A refusal halves the rate, but not below a hundredth of what it may be.
const DECREASE = 0.5;
const LEAST_PART = 0.01;
// From nothing to the whole within a minute of answers, in steps of a second at the most.
const RECOVERY = 60_000;
const LONGEST_STEP = 1000;

/** The whole rate. @internal */
export function fullRate(max: number, now: number): CallRate {
  return { rate: max, changed: now, lowered: -Infinity };
}

/**
 * The rate after the server has refused a call because of too many: half of it, once for all the calls
 * that were under way together.
 *
 * @param begun - When the call that was refused was made.
 * @internal
 */
export function lowerRate(rate: CallRate, max: number, begun: number, now: number): CallRate {
  if (begun < rate.lowered) return rate;
  const lower = Math.max(rate.rate * DECREASE, max * LEAST_PART);
  return { rate: lower, changed: now, lowered: now };
}

/** The rate after an answer: a little more for the time that went well. @internal */
export function raiseRate(rate: CallRate, max: number, now: number): CallRate {
  if (rate.rate >= max) return rate;
  const step = Math.min(Math.max(0, now - rate.changed), LONGEST_STEP);
  return { ...rate, rate: Math.min(max, rate.rate + (max * step) / RECOVERY), changed: now };
}
