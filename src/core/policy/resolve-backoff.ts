import { MAX_DELAY } from '../platform/clock.js';
import {
  defaultBackoff,
  type Backoff,
  type BackoffContext,
  type BackoffFunction,
} from './backoff.js';
import {
  exponentialDelay,
  resolveExponentialDelay,
  type ExponentialDelay,
} from './exponential-delay.js';
import { progressBackoff } from './progress-backoff.js';

/** The option with nothing left open: numbers, or a function. @internal */
export type ResolvedBackoff = ExponentialDelay | BackoffFunction;

// One for all waits that give none. It keeps nothing of them.
const defaultFunction = progressBackoff();

/**
 * Fills the option. Where none is given, the backoff uses progress.
 *
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 * @internal
 */
export function resolveBackoff(backoff?: Backoff): ResolvedBackoff {
  if (backoff == null) return defaultFunction;
  if (typeof backoff === 'function') return backoff;
  return resolveExponentialDelay('backoff', backoff, defaultBackoff);
}

/**
 * Chooses how long to wait after an answer that said "not done".
 *
 * @param pollAfter - When the server wants to be asked next, in milliseconds.
 * @returns Milliseconds, from 0 to 2^31 - 1.
 * @throws RangeError when the function of a user gives something else; what that function throws.
 * @internal
 */
export function chooseDelay(
  backoff: ResolvedBackoff,
  context: BackoffContext,
  pollAfter?: number,
): number {
  const delay = ownDelay(backoff, context);
  if (pollAfter === undefined) return delay;
  return backoff === defaultFunction ? pollAfter : Math.max(delay, pollAfter);
}

function ownDelay(backoff: ResolvedBackoff, context: BackoffContext): number {
  if (typeof backoff !== 'function') return exponentialDelay(backoff, context.attempt);
  const delay: unknown = backoff(context);
  if (typeof delay === 'number' && delay >= 0) return Math.min(delay, MAX_DELAY);
  throw new RangeError(
    `Option \`backoff\` must return milliseconds >= 0; at attempt ${context.attempt} it returned ${String(delay)}.`,
  );
}
