import { chooseDelay } from '../core/policy/resolve-backoff.js';
import type { Entry } from './entry.js';
import type { FleetHost } from './host.js';

/**
 * Asks the backoff after how long to ask about an operation again. Sweeps come more often than its own
 * requests would: they do not make its delays longer, so it is at its own pace whenever they end.
 *
 * @param pollAfter - When the server wants to be asked next, in milliseconds.
 * @returns Whole milliseconds, >= 1.
 * @throws What the backoff of the user throws.
 * @internal
 */
export function nextDelay(
  entry: Entry,
  { settings, now, time }: FleetHost,
  pollAfter?: number,
): number {
  const { attempt, name, known, begun, delay = 0 } = entry;
  // Half of the sweeps come a little before its own request would, and half of them a little after.
  const interval = entry.group.sweepInterval(now);
  const early = interval < delay ? interval / 2 : 0;
  const isOwn = time >= entry.ownDue - early;
  if (isOwn) entry.attempt += 1;
  const memory = entry.memory ?? {};
  const context = {
    // Attempt 1 tells a backoff that all begins anew, so it must not come twice.
    attempt: attempt === 0 ? entry.attempt : Math.max(2, entry.attempt),
    elapsed: now - begun,
    delay,
    operation: known ?? { name, done: false },
    memory,
  };
  const next = chooseDelay(settings.backoff, context, pollAfter);
  // Most have nothing to remember, and there may be many.
  if (Object.keys(memory).length > 0) entry.memory = memory;
  const whole = Math.max(1, Math.round(next));
  if (isOwn) entry.ownDue = Math.ceil(time + whole);
  return whole;
}
