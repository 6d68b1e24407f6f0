import { isStatusError } from 'rx-lro';

import type { OperationRecord } from './operation-record.js';

/** How a wait settled: `done`, a code, or the kind of the error. */
export async function outcomeOf(settles: Promise<unknown>): Promise<string> {
  try {
    await settles;
    return 'done';
  } catch (error) {
    if (!isStatusError(error)) return String(error);
    return error.kind === 'operation-failed' ? String(error.code) : error.kind;
  }
}

/** How the service ended an operation, in the same words. */
export function trueOutcomeOf({ cancelled }: OperationRecord): string {
  return cancelled === undefined ? 'done' : '1';
}

// A step may be under way when the cancel comes.
const UNDER_WAY = 1_000;

/** The operations whose cancel was lost: it did not arrive, and the verdict was not there before either. */
export function lostCancels(
  records: readonly OperationRecord[],
  cancelledAt: ReadonlyMap<string, number>,
): string[] {
  return records
    .filter(({ name, cancels, runs }) => {
      const time = cancelledAt.get(name);
      if (time === undefined || cancels.length > 0) return false;
      return (runs[0]?.at ?? Infinity) > time + UNDER_WAY;
    })
    .map(({ name }) => name);
}
