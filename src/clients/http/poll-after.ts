import { retryAfterOf } from '../../core/status/retry-after.js';
import { isRecord } from '../../core/values/record.js';

/**
 * Adds to an answer when the server wants to be asked next, where a header says so.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 * @internal
 */
export function withPollAfter<Answer>(answer: Answer, headers: unknown, now: number): Answer {
  const pollAfter = retryAfterOf(headers, now);
  return pollAfter === undefined || !isRecord(answer) ? answer : { ...answer, pollAfter };
}
