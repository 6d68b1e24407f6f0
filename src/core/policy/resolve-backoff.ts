import { MAX_DELAY } from '../platform/clock.js';
import type { Backoff, BackoffFunction } from './backoff.js';
import { progressBackoff } from './progress-backoff.js';

// One for all waits that leave it open. It keeps nothing of them.
const defaultFunction = progressBackoff();

/**
 * Makes the backoff function of the option: numbers are those of a backoff that looks at progress.
 *
 * @throws RangeError or TypeError that names the option, when one is out of its limits.
 * @internal
 */
export function resolveBackoff(backoff?: Backoff): BackoffFunction {
  if (backoff == null) return defaultFunction;
  if (typeof backoff !== 'function') return progressBackoff(backoff);
  return (context) => {
    const delay: unknown = backoff(context);
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, MAX_DELAY);
    throw new RangeError(
      `Option \`backoff\` must return milliseconds from 0 on; at attempt ${context.attempt} it returned ${String(delay)}.`,
    );
  };
}
