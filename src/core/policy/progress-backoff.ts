import { progressOf } from '../answer/progress.js';
import { MAX_DELAY } from '../platform/clock.js';
import { defaultBackoff, type BackoffContext, type BackoffFunction } from './backoff.js';
import {
  exponentialDelay,
  jittered,
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';
import {
  addProgress,
  estimateEnd,
  type Estimate,
  type ProgressHistory,
} from './progress-history.js';

/**
 * Makes a backoff that uses `progressOf`: it waits long while the end of an operation is far, and asks
 * more often when it is near, so that the result comes sooner for no more calls. It is the default of the
 * option `backoff`; call it for other numbers, or within a function of your own. Many waits may use one.
 *
 * Once progress has moved, the end is estimated by its pace. The delay is half of the estimated time left,
 * or half of the estimate's uncertainty, whichever is larger; never below `startingDelay`, never above
 * `maxDelay`, and never above both the plain delay and the time for which the pace has been seen. Without
 * progress, and until it has moved, it is the plain delay: what the same numbers mean for the option
 * `backoff`. After a cancel it begins again. What it has to remember of a wait, at most about 250 bytes of
 * JSON, it keeps on `context.memory` under the key `progressBackoff`.
 *
 * @param options - `startingDelay` (default 275 ms), `timeMultiple` (default 1.215), `maxDelay` (default
 * 60,000 ms), `jitter` (default `'none'`, as jitter delays the result; with `'full'` any delay is a random
 * part of itself).
 * @returns The function.
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 *
 * @example
 * ```ts
 * import { progressBackoff, type BackoffFunction } from 'rx-lro';
 *
 * const aware = progressBackoff({ maxDelay: 30_000 });
 *
 * // It is queued for two minutes before anything happens.
 * export const backoff: BackoffFunction = (context) =>
 *   context.elapsed < 120_000 ? 20_000 : aware(context);
 * ```
 */
export function progressBackoff(options: ExponentialDelayOptions = {}): BackoffFunction {
  const { jitter, ...numbers } = resolveExponentialDelay('backoff', options, defaultBackoff);
  const whole: ExponentialDelay = { ...numbers, jitter: 'none' };
  return (context) => jittered(jitter, wholeDelay(whole, context));
}

function wholeDelay(whole: ExponentialDelay, context: BackoffContext): number {
  const { attempt, elapsed } = context;
  const history = remember(context);
  const estimate = history && estimateEnd(history, elapsed);
  if (history === undefined || estimate === undefined) return exponentialDelay(whole, attempt);
  // As if the plain delay had grown with the time: a geometric series is proportional to its sum.
  const growth = (whole.timeMultiple - 1) * (elapsed - history.elapsed);
  return delayByEstimate(whole, estimate, exponentialDelay(whole, history.attempt) + growth);
}

/** Adds the latest snapshot to what the wait remembers; undefined where it tells no progress. */
function remember(context: BackoffContext): ProgressHistory | undefined {
  const { attempt, elapsed, operation } = context;
  const memory = context.memory as { progressBackoff?: ProgressHistory };
  // The count starts again when the operation is cancelled: it then takes another course.
  if (attempt === 1) delete memory.progressBackoff;
  const progress = progressOf(operation);
  if (progress === undefined) return undefined;
  return (memory.progressBackoff = addProgress(memory.progressBackoff, attempt, elapsed, progress));
}

/**
 * The delay for an estimate of the end: half of the rest while the end is far, and half of the doubt once
 * it is near. The longer the doubt, the less a call is worth: the best delay grows with its square root
 * (Keller, 1974). That of plain backoff is the one for which the end is as far as the beginning.
 */
function delayByEstimate(
  { startingDelay, maxDelay }: ExponentialDelay,
  { rest, doubt, watched }: Estimate,
  grown: number,
): number {
  const plain = Math.min(maxDelay, grown);
  // No greater precision was asked for.
  const least = doubt + 2 * startingDelay;
  const careful = plain * Math.sqrt((2 * least) / (2 * least + watched || 1));
  const delay = Math.max(rest / 2, Math.min(least / 2, careful));
  // An early estimate may be far off: it is followed for as long as it has held.
  const patient = Math.min(delay, Math.max(plain, watched));
  return Math.min(Math.max(patient, startingDelay), maxDelay, MAX_DELAY);
}
