import type { Operation, OperationLike } from '../../core/operation.js';
import { readValue, storeValue } from './stored-value.js';

/** What became of storing something. */
export interface Stored<Value> {
  readonly stored: Value;
  /** Why it was not stored as it is. */
  readonly problem?: TypeError | RangeError;
}

/**
 * Stores a snapshot, if it can be stored.
 *
 * @param limit - How large it may be, in characters of JSON.
 */
export function storeOperation(operation: OperationLike, limit: number): Stored<unknown> {
  try {
    const stored = storeValue(operation, 'operation');
    const size = sizeOf(stored);
    if (size <= limit) return { stored };
    const problem = new RangeError(
      `It takes ${size} characters of JSON, and \`maxStoredBytes\` is ${limit}: only the name is kept.`,
    );
    return { stored: undefined, problem };
  } catch (problem) {
    return { stored: undefined, problem: problem as TypeError };
  }
}

/** Reads a snapshot. */
export function readOperation(stored: unknown): Operation | undefined {
  return readValue(stored) as Operation | undefined;
}

/** The size of a value as JSON, in characters: the engines write most of them as one byte. */
export function sizeOf(stored: unknown): number {
  return JSON.stringify(stored).length;
}
