import type { Operation } from '../operation.js';
import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';

/** What a backoff function knows when it chooses a delay. */
export interface BackoffContext {
  /**
   * How many answers said "not done" so far, from 1 on; those that the server held back (Wait) do not
   * count. Starts anew when the operation is cancelled.
   */
  readonly attempt: number;
  /** Time since the subscription, in milliseconds. */
  readonly elapsed: number;
  /** The delay before, in milliseconds; 0 at first. */
  readonly delay: number;
  /** The latest snapshot. */
  readonly operation: Operation;
  /**
   * An object that stands for this wait, the same each time: for a function that remembers, a key of a
   * WeakMap or a place for a property under a symbol of its own. Undefined outside of a wait.
   */
  readonly wait?: object | undefined;
}

/**
 * Stands for one wait, and holds what backoffs remember of it. A class, as an empty literal takes more
 * memory.
 *
 * @internal
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- its instances hold what others put on them
export class WaitMemory {}

/**
 * Chooses how long to wait after an answer that said "not done". It may be called by many waits at once:
 * what it remembers of one it keeps by `wait`.
 *
 * @param context - What is known.
 * @returns Milliseconds, >= 0; more than 2^31 - 1 counts as that much.
 */
export type BackoffFunction = (context: BackoffContext) => number;

/**
 * How long to wait after an answer that said "not done": numbers, as for `progressBackoff`, or a function
 * of what is known.
 */
export type Backoff = ExponentialDelayOptions | BackoffFunction;

/** What plain backoff is when nothing else is said. @internal */
// Fewer calls and sooner news than 100 ms, times 1.3, over operations of any length up to hours.
export const defaultBackoff: ExponentialDelay = Object.freeze({
  startingDelay: 275,
  timeMultiple: 1.215,
  maxDelay: 60_000,
  jitter: 'none',
});

// Past so many the delays of any growth are at their longest.
const MOST_REMEMBERED = 1000;

/**
 * Makes a backoff function of numbers that looks at no progress: for the option `backoff`, where its delays
 * are to be the same for every operation, and for use within a function of your own.
 *
 * @param options - `startingDelay` (default 275 ms), `timeMultiple` (default 1.215), `maxDelay` (default
 * 60,000 ms), `jitter` (default `'none'`: jitter delays the news).
 * @returns The function; its delays are those of the `exponential-backoff` package.
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 *
 * @example
 * ```ts
 * import { exponentialBackoff, progressOf, type BackoffFunction } from 'rx-lro';
 *
 * const plain = exponentialBackoff({ maxDelay: 30_000 });
 *
 * export const backoff: BackoffFunction = (context) =>
 *   (progressOf(context.operation) ?? 0) > 0.9 ? 500 : plain(context);
 * ```
 */
export function exponentialBackoff(options: ExponentialDelayOptions = {}): BackoffFunction {
  const resolved = resolveExponentialDelay('backoff', options, defaultBackoff);
  if (resolved.jitter !== 'none') return ({ attempt }) => exponentialDelay(resolved, attempt);
  // Without jitter they are the same each time, and a large fleet asks for a great many.
  const delays: number[] = [];
  return ({ attempt }) =>
    attempt < MOST_REMEMBERED
      ? (delays[attempt] ??= exponentialDelay(resolved, attempt))
      : exponentialDelay(resolved, attempt);
}
