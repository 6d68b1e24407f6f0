import type { End, Facts, Terms } from './facts.js';

/** The least time that is kept for the last call, in milliseconds. */
const LEAST_MARGIN = 100;

/** The end of a wait. Milliseconds all. @internal */
export interface Deadline {
  /** What is left of the wait. */
  readonly rest: number;
  /** All the time that there was. */
  readonly whole: number;
  /** How long the slowest call took. */
  readonly slowestCall: number;
}

/** A delay, and what it has to fit into. Milliseconds all. @internal */
export interface DelayBeforeDeadline extends Deadline {
  readonly delay: number;
  /** What the delay may not be cut below. */
  readonly floor: number;
}

/** Tells when a wait ends whatever happens. @internal */
export function endOf({ begun, cancel }: Facts, { timeout, cancelTimeout }: Terms): End {
  const timeoutAt = begun + timeout;
  const confirmedBy = cancel === undefined ? Infinity : cancel.at + cancelTimeout;
  return confirmedBy < timeoutAt
    ? { at: confirmedBy, why: 'not-confirmed' }
    : { at: timeoutAt, why: 'timeout' };
}

/** Tells what is left until the end: the last call is made just before. @internal */
export function deadlineOf(facts: Facts, terms: Terms, now: number): Deadline {
  const { at, why } = endOf(facts, terms);
  const whole = why === 'timeout' ? terms.timeout : terms.cancelTimeout;
  return { rest: at - now, whole, slowestCall: facts.slowestCall };
}

/**
 * How long until the last call has to be answered or begun: early enough before the end for an answer
 * that takes twice as long as the slowest one, at least 100 ms, at most a quarter of all the time.
 *
 * @returns Milliseconds; below 1 when there is no time for another call.
 * @internal
 */
export function timeBeforeDeadline({ rest, whole, slowestCall }: Deadline): number {
  return rest - Math.min(Math.max(2 * slowestCall, LEAST_MARGIN), whole / 4);
}

/**
 * Cuts the last delay short, so that one last call is made just before the end.
 *
 * @returns The delay in milliseconds; Infinity when there is no time for another call.
 * @internal
 */
export function fitBeforeDeadline({ delay, floor, ...deadline }: DelayBeforeDeadline): number {
  const latest = timeBeforeDeadline(deadline);
  // Less than a millisecond is what rounding leaves over: it would make a last call after the last.
  if (latest < 1) return Infinity;
  if (delay <= latest) return delay;
  return latest >= floor ? latest : Infinity;
}
