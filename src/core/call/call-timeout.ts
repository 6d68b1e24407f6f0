import type { OperationsClient } from '../client.js';

const DEFAULT_CALL_TIMEOUT = 60_000;

/**
 * How long one call of a client may take.
 *
 * @param given - The option; undefined for the default.
 * @returns Milliseconds, or Infinity.
 * @internal
 */
export function callTimeoutOf({ pacing }: OperationsClient, given: number | undefined): number {
  return given ?? (pacing?.holdsCalls === true ? Infinity : DEFAULT_CALL_TIMEOUT);
}
