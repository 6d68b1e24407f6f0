import { progressOf } from '../operation/progress.js';
import { defaultBackoff, type BackoffFunction } from './backoff.js';
import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelayOptions,
} from './exponential-delay.js';
import { addProgress, estimatedRest, type ProgressHistory } from './progress-estimate.js';

/** What is remembered of one wait. */
interface Memory {
  readonly attempt: number;
  readonly history: ProgressHistory | undefined;
}

/**
 * Makes a backoff that looks at `progressOf`: it waits long while the end of an operation is far, and
 * asks more often when it is near, so that the news is sooner for no more calls. It is for many waits
 * at once.
 *
 * Once progress has moved, the end is estimated by its pace. The delay is half of what is left by that,
 * but not below `startingDelay`, not above `maxDelay`, and not above both the plain delay and
 * the time since the subscription. Without progress, and until it has moved, it is the plain delay of
 * `exponentialBackoff`. Progress is counted from the first time that it is seen; that of a cancelled
 * operation counts from the cancel on.
 *
 * @param options - As for `exponentialBackoff`, with its defaults. `jitter` bears on the plain delay.
 * @returns The function, for the option `backoff`.
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 *
 * @example
 * ```ts
 * import { progressBackoff, waitForDone, type OperationsClient } from 'rx-lro';
 *
 * declare const client: OperationsClient;
 *
 * await waitForDone(client, 'operations/42', { backoff: progressBackoff({ maxDelay: 30_000 }) });
 * ```
 */
export function progressBackoff(options: ExponentialDelayOptions = {}): BackoffFunction {
  const resolved = resolveExponentialDelay('backoff', options, defaultBackoff);
  const { startingDelay, maxDelay } = resolved;
  const memories = new WeakMap<object, Memory>();
  return ({ attempt, elapsed, operation, wait }) => {
    const plain = exponentialDelay(resolved, attempt);
    const progress = progressOf(operation);
    if (wait === undefined || progress === undefined) return plain;
    const memory = memories.get(wait);
    // The count starts anew when the operation is cancelled: it is on its way to another end then.
    const known = memory !== undefined && memory.attempt < attempt ? memory.history : undefined;
    const history = addProgress(known, elapsed, progress);
    memories.set(wait, { attempt, history });
    const rest = estimatedRest(history, elapsed, { atMost: EXACT_ENOUGH * maxDelay });
    if (rest === undefined) return plain;
    const patience = Math.max(plain, GROWTH * elapsed);
    return Math.min(maxDelay, Math.max(startingDelay, Math.min(rest / 2, patience)));
  };
}

// An early estimate may be far off: the delay grows with the time for which it has been seen to hold.
const GROWTH = 1;
// A longer doubt than this would make it no better than plain backoff at its longest.
const EXACT_ENOUGH = 0.8;
