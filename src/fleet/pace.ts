import type { Entry } from './entry.js';
import type { FleetSettings } from './options.js';

/**
 * Asks the backoff after how long to look at an operation again. Sweeps come more often than its own looks
 * would: by those it takes no longer steps, so that it is at its own pace wherever they end.
 *
 * @param time - Of the stretched clock.
 * @returns Whole milliseconds, >= 1.
 * @throws What the function of the caller throws.
 * @internal
 */
export function nextDelay(entry: Entry, settings: FleetSettings, time: number): number {
  const operation = entry.known ?? { name: entry.name, done: false };
  const now = settings.scheduler.now();
  // Half of the sweeps come a little before its own look would, and half of them a little after.
  const interval = entry.group.sweepInterval(now);
  const early = interval < entry.delay ? interval / 2 : 0;
  const isOwn = time >= entry.ownDue - early;
  const attempt = isOwn ? entry.attempt + 1 : entry.attempt;
  const elapsed = now - entry.begun;
  const { delay } = entry;
  const isFirst = entry.attempt === 0;
  entry.attempt = attempt;
  // So that it asks for no more than there is time for.
  const next = settings.backoff({
    // To be told of a first attempt again is to be told that all begins anew.
    attempt: isFirst ? attempt : Math.max(2, attempt),
    elapsed,
    delay,
    operation,
    memory: entry.memory,
  });
  const whole = Math.max(1, Math.round(next));
  if (isOwn) entry.ownDue = Math.ceil(time + whole);
  return whole;
}
