import type { OperationsClient } from '../core/client.js';

// What `poll` gives one operation.
const ONE_CANCEL = 30_000;

// A cancel takes turns with three other kinds of calls: the Get that confirms one, other Gets, lists.
const CALLS = 4;

/**
 * How long it takes until a client has cancelled so many operations, one after the other.
 *
 * @returns Milliseconds.
 * @internal
 */
export function cancelTimeFor({ pacing }: OperationsClient, operations: number): number {
  const rate = pacing?.callsPerSecond ?? Infinity;
  return ONE_CANCEL + (CALLS * operations * 1000) / rate;
}
