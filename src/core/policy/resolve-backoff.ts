import { MAX_DELAY } from '../platform/clock.js';
import { defaultBackoff, type Backoff, type BackoffFunction } from './backoff.js';
import { exponentialDelay, resolveExponentialDelay } from './exponential-delay.js';
import { progressBackoff } from './progress-backoff.js';

// One for all waits that give none. It keeps nothing of them.
const defaultFunction = progressBackoff();

/**
 * Makes the backoff function of the option. Where none is given, it is one that uses progress.
 *
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 * @internal
 */
export function resolveBackoff(backoff?: Backoff): BackoffFunction {
  if (backoff == null) return defaultFunction;
  if (typeof backoff !== 'function') {
    const numbers = resolveExponentialDelay('backoff', backoff, defaultBackoff);
    return ({ attempt }) => exponentialDelay(numbers, attempt);
  }
  return (context) => {
    const delay: unknown = backoff(context);
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, MAX_DELAY);
    throw new RangeError(
      `Option \`backoff\` must return milliseconds from 0 on; at attempt ${context.attempt} it returned ${String(delay)}.`,
    );
  };
}
