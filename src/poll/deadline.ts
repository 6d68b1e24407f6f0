/** The least time that is kept for the last call, in milliseconds. */
const LEAST_MARGIN = 100;

/** A delay, and what it has to fit into. Milliseconds all. @internal */
export interface DelayBeforeDeadline {
  readonly delay: number;
  /** What the delay may not be cut below. */
  readonly floor: number;
  /** What is left of the wait. */
  readonly rest: number;
  /** The whole of the wait. */
  readonly timeout: number;
  /** How long the slowest call took. */
  readonly slowestCall: number;
}

/**
 * Cuts the last delay short, so that one last call is made just before the end: early enough for an
 * answer that takes twice as long as the slowest one, at the least 100 ms, at the most a quarter of the
 * wait.
 *
 * @returns The delay in milliseconds; Infinity when there is no time for another call.
 * @internal
 */
export function fitBeforeDeadline(times: DelayBeforeDeadline): number {
  const { delay, floor, rest, timeout, slowestCall } = times;
  const margin = Math.min(Math.max(2 * slowestCall, LEAST_MARGIN), timeout / 4);
  const latest = rest - margin;
  if (delay <= latest) return delay;
  // Less than a millisecond is what rounding leaves over: it would make a last call after the last.
  return latest >= 1 && latest >= floor ? latest : Infinity;
}
