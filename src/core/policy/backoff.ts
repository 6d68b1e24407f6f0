import type { Operation } from '../operation.js';
import type { ExponentialDelay, ExponentialDelayOptions } from './exponential-delay.js';

/** What a backoff function knows when it chooses a delay. */
export interface BackoffContext {
  /**
   * How many answers said "not done" so far, from 1 on; those that the server held back (Wait) do not
   * count. Starts again at 1 when the operation is cancelled.
   */
  readonly attempt: number;
  /** Time since the subscription, in milliseconds. */
  readonly elapsed: number;
  /** The delay before, in milliseconds; 0 at first. */
  readonly delay: number;
  /** The latest snapshot. */
  readonly operation: Operation;
  /**
   * A plain object of this wait, `{}` at first, on which a backoff keeps what it has to remember, as JSON:
   * the wait may be stored between two calls. What it puts there before it returns is kept.
   * `progressBackoff` and the backoffs of `rx-lro/learned` use the keys `progressBackoff` and
   * `learnedBackoff`.
   */
  readonly memory: Record<string, unknown>;
}

/**
 * Chooses how long to wait after an answer that said "not done". Many waits may call it at once: it keeps
 * what it has to remember of one of them on `memory`.
 *
 * @param context - What is known.
 * @returns Milliseconds, >= 0; more than 2^31 - 1 counts as that much.
 */
export type BackoffFunction = (context: BackoffContext) => number;

/**
 * How long to wait after an answer that said "not done": numbers, which mean exactly the delays of the
 * `exponential-backoff` package, or a function of what is known.
 */
export type Backoff = ExponentialDelayOptions | BackoffFunction;

/** The delays of plain backoff where nothing else is said. @internal */
// Fewer calls and an earlier result than 100 ms, times 1.3, over operations of any length up to hours.
export const defaultBackoff: ExponentialDelay = Object.freeze({
  startingDelay: 275,
  timeMultiple: 1.215,
  maxDelay: 60_000,
  jitter: 'none',
});
