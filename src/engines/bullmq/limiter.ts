/** A budget in the words of BullMQ. */
export interface Limiter {
  /** How many jobs. */
  readonly max: number;
  /** In how many milliseconds. */
  readonly duration: number;
}

// A window that is long lets many calls begin at once; at the end of a short one, time is lost.
const WINDOWS_PER_SECOND = 5;

/** Makes windows of a number of calls per second, which is finite. */
export function limiterOf(callsPerSecond: number): Limiter {
  const max = Math.max(1, Math.floor(callsPerSecond / WINDOWS_PER_SECOND));
  return { max, duration: Math.ceil((max * 1_000) / callsPerSecond) };
}
