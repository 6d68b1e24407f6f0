import { progressOf } from '../operation/progress.js';
import { defaultBackoff, type BackoffFunction } from './backoff.js';
import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';
import {
  addProgress,
  estimateEnd,
  type Estimate,
  type ProgressHistory,
} from './progress-estimate.js';

/** What is remembered of one wait. */
interface Memory {
  readonly history: ProgressHistory;
  /** What the plain delay would be, had it grown with the time from the beginning on; see below. */
  readonly plainAtStart: number;
}

/**
 * Makes a backoff that looks at `progressOf`: it waits long while the end of an operation is far, and
 * asks more often when it is near, so that the news is sooner for no more calls. It is what numbers, or
 * nothing, for the option `backoff` mean; this function is for use within one of your own. It is for
 * many waits at once.
 *
 * Once progress has moved, the end is estimated by its pace. The delay is half of what is left by that,
 * or of as much as that may be wrong; but not below `startingDelay`, not above `maxDelay`, and not above
 * both the plain delay and the time for which the pace has been seen. Without progress, and until it
 * has moved, it is the plain delay of `exponentialBackoff`. After a cancel it begins anew.
 *
 * @param options - As for `exponentialBackoff`, with its defaults. With `jitter: 'full'` any delay is a
 * random part of itself.
 * @returns The function. Outside of a wait, where the context has no `wait`, its delays are plain.
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 *
 * @example
 * ```ts
 * import { progressBackoff, type BackoffFunction } from 'rx-lro';
 *
 * const aware = progressBackoff({ maxDelay: 30_000 });
 *
 * // It is queued for some minutes before anything happens.
 * export const backoff: BackoffFunction = (context) =>
 *   context.elapsed < 120_000 ? 20_000 : aware(context);
 * ```
 */
export function progressBackoff(options: ExponentialDelayOptions = {}): BackoffFunction {
  const resolved = resolveExponentialDelay('backoff', options, defaultBackoff);
  // Made only when there is something to remember: one for each of 100,000 waits is a lot.
  let memories: WeakMap<object, Memory> | undefined;
  return ({ attempt, elapsed, operation, wait }) => {
    if (wait === undefined) return exponentialDelay(resolved, attempt);
    // The count starts anew when the operation is cancelled: it is on its way to another end then.
    if (attempt === 1) memories?.delete(wait);
    const progress = progressOf(operation);
    if (progress === undefined) return exponentialDelay(resolved, attempt);
    memories ??= new WeakMap();
    const memory = memories.get(wait);
    const history = addProgress(memory?.history, elapsed, progress);
    const plainAtStart = memory?.plainAtStart ?? plainAtStartOf(resolved, attempt, elapsed);
    memories.set(wait, { history, plainAtStart });
    const estimate = estimateEnd(history, elapsed);
    if (estimate === undefined) return exponentialDelay(resolved, attempt);
    const plain = plainAtStart + (resolved.timeMultiple - 1) * elapsed;
    const startingDelay = delayByEstimate(resolved, estimate, plain);
    return exponentialDelay({ ...resolved, startingDelay }, 1);
  };
}

/** What the plain delay was at the start, if it has grown by `timeMultiple - 1` for each millisecond. */
function plainAtStartOf(resolved: ExponentialDelay, attempt: number, elapsed: number): number {
  const plain = exponentialDelay({ ...resolved, jitter: 'none' }, attempt);
  return plain - (resolved.timeMultiple - 1) * elapsed;
}

/**
 * The delay for an estimate of the end.
 *
 * Half of the rest while the end is far. Near it, half of what the estimate may be wrong by; and as the
 * worth of a call grows with the square root of how long the end may be in coming, no longer than the
 * plain delay, for which that is the time passed, shortened by that measure.
 */
function delayByEstimate(
  { startingDelay, maxDelay }: ExponentialDelay,
  { rest, doubt, watched }: Estimate,
  grown: number,
): number {
  const plain = Math.min(maxDelay, grown);
  // Nobody asked for the news to be sooner than that.
  const span = 2 * (doubt + 2 * startingDelay);
  const careful = plain * Math.sqrt(span / (span + watched || 1));
  const delay = Math.max(rest / 2, Math.min(span / 4, careful));
  return Math.max(startingDelay, Math.min(delay, Math.max(plain, watched)));
}
