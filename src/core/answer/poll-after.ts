import type { SchedulerLike } from 'rxjs';
import { wallTime } from '../platform/clock.js';
import { MAX_ASKED_DELAY, retryAfterOf } from '../status/retry-after.js';
import { readSafely } from '../values/record.js';

/**
 * Reads when the server wants to be asked next.
 *
 * @param given - What an answer has as `pollAfter`, which may be anything.
 * @returns Milliseconds, above 0; undefined when it does not say: 0 is no reason to ask without end.
 * @internal
 */
export function readPollAfter(given: unknown, scheduler: SchedulerLike): number | undefined {
  const delay =
    typeof given === 'string' ? retryAfterOf({ 'retry-after': given }, wallTime(scheduler)) : given;
  return typeof delay === 'number' && delay > 0 ? Math.min(delay, MAX_ASKED_DELAY) : undefined;
}

/** What an answer has as `pollAfter`. A getter or a proxy may throw. @internal */
export function pollAfterIn(answer: unknown): unknown {
  return readSafely(() => (answer as { readonly pollAfter?: unknown }).pollAfter);
}
