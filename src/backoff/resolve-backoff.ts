import { MAX_DELAY } from '../time/clock.js';
import type { Backoff, BackoffFunction } from './backoff.js';
import { progressBackoff } from './progress-backoff.js';

/**
 * Makes the backoff function of the option.
 *
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 * @internal
 */
export function resolveBackoff(backoff: Backoff = {}): BackoffFunction {
  if (typeof backoff !== 'function') return progressBackoff(backoff);
  return (context) => {
    const delay: unknown = backoff(context);
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, MAX_DELAY);
    throw new RangeError(
      `Option \`backoff\` must return milliseconds from 0 on; at attempt ${context.attempt} it returned ${String(delay)}.`,
    );
  };
}
