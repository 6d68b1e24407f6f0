import { progressOf } from '../answer/progress.js';
import { MAX_DELAY } from '../platform/clock.js';
import { defaultBackoff, type BackoffFunction } from './backoff.js';
import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';
import { ProgressHistory, type Estimate } from './progress-history.js';

/** What is remembered of one wait, whatever the options. */
interface Memory {
  readonly history: ProgressHistory;
  /** The attempt at which it began, and the time since the subscription then, in milliseconds. */
  readonly attempt: number;
  readonly elapsed: number;
}

// A function for many waits keeps nothing of them: each wait holds its own memory, under this key.
const memoryKey = Symbol('progress');

/**
 * Makes a backoff that looks at `progressOf`: it waits long while the end of an operation is far, and
 * asks more often when it is near, so that the news is sooner for no more calls. This is what numbers for
 * the option `backoff` mean; call it for use within a function of your own. It is for many waits at once.
 *
 * Once progress has moved, the end is estimated by its pace. The delay is half of what is left by that,
 * or half of what that may be wrong by, where this is more; never below `startingDelay`, never above
 * `maxDelay`, and never above both the plain delay and the time for which the pace has been seen. Without
 * progress, and until it has moved, it is the plain delay of `exponentialBackoff`. After a cancel it
 * begins anew.
 *
 * @param options - As for `exponentialBackoff`, with its defaults; but with a `timeMultiple` of 1 and no
 * `maxDelay` no delay is longer than `startingDelay`. With `jitter: 'full'` any delay is a
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
  const resolved = resolveProgressDelay(options);
  return ({ attempt, elapsed, operation, wait }) => {
    if (wait === undefined) return exponentialDelay(resolved, attempt);
    // The count starts anew when the operation is cancelled: it then takes another course.
    let memory = attempt === 1 ? undefined : memoryOf(wait);
    const progress = progressOf(operation);
    if (progress === undefined) {
      if (attempt === 1 && memoryOf(wait) !== undefined) Reflect.deleteProperty(wait, memoryKey);
      return exponentialDelay(resolved, attempt);
    }
    if (memory === undefined) {
      memory = { history: new ProgressHistory(elapsed, progress), attempt, elapsed };
      // Without a memory, as for a frozen object, the delays are plain.
      Reflect.set(wait, memoryKey, memory);
    } else {
      memory.history.add(elapsed, progress);
    }
    const estimate = memory.history.estimateEnd(elapsed);
    if (estimate === undefined) return exponentialDelay(resolved, attempt);
    const plain = plainAtStartOf(resolved, memory) + growthOf(resolved) * elapsed;
    return jittered(resolved, delayByEstimate(resolved, estimate, plain));
  };
}

function resolveProgressDelay(options: ExponentialDelayOptions): ExponentialDelay {
  const resolved = resolveExponentialDelay('backoff', options, defaultBackoff);
  // Delays that do not grow are an even pace, which was asked for.
  const isEven = resolved.timeMultiple === 1 && options.maxDelay == null;
  return isEven ? { ...resolved, maxDelay: resolved.startingDelay } : resolved;
}

/** By how much the plain delay grows with each millisecond: a geometric series is proportional to its sum. */
function growthOf({ timeMultiple }: ExponentialDelay): number {
  return timeMultiple - 1;
}

/** What the plain delay would have been when the wait began, had it grown like that from then on. */
function plainAtStartOf(resolved: ExponentialDelay, { attempt, elapsed }: Memory): number {
  const { startingDelay, timeMultiple, maxDelay } = resolved;
  const plain = exponentialDelay(
    { startingDelay, timeMultiple, maxDelay, jitter: 'none' },
    attempt,
  );
  return plain - growthOf(resolved) * elapsed;
}

function memoryOf(wait: object): Memory | undefined {
  return (wait as { readonly [memoryKey]?: Memory })[memoryKey];
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
  // Nobody asked to know it any better than that.
  const least = doubt + 2 * startingDelay;
  const careful = plain * Math.sqrt((2 * least) / (2 * least + watched || 1));
  const delay = Math.max(rest / 2, Math.min(least / 2, careful));
  // An early estimate may be far off: it is followed for as long as it has held.
  const patient = Math.min(delay, Math.max(plain, watched));
  return Math.min(Math.max(patient, startingDelay), maxDelay, MAX_DELAY);
}

function jittered(resolved: ExponentialDelay, startingDelay: number): number {
  const { jitter } = resolved;
  return jitter === 'none' ? startingDelay : exponentialDelay({ ...resolved, startingDelay }, 1);
}
