import type { StatusError } from '../core/errors/status-error.js';
import { retryDelayOf } from '../core/status/details.js';

const FIRST_RETRY = 500;

/** The longest delay before a retry that the server did not ask for, in milliseconds. @internal */
export const LONGEST_RETRY = 10_000;

/** The longest pause that a server can ask for, in milliseconds. @internal */
export const LONGEST_PAUSE = 3_600_000;

/**
 * Reads how long the server asks for a pause.
 *
 * @returns Milliseconds, at most an hour; 0 when it does not say.
 * @internal
 */
export function askedDelay(error: StatusError): number {
  try {
    return Math.min(retryDelayOf(error) ?? 0, LONGEST_PAUSE);
  } catch {
    // A detail that throws when it is read asks for nothing.
    return 0;
  }
}

/**
 * How long to wait after a failure before the next try.
 *
 * @param failures - How many failures in a row there were.
 * @returns Milliseconds: 500, then twice as long each time, at most 10,000; at least what the server asks
 * for.
 * @internal
 */
export function retryDelay(error: StatusError, failures: number): number {
  const own = Math.min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY);
  return Math.max(own, askedDelay(error));
}
