import { isEqual } from '../values/equal.js';
import type { Operation } from '../operation.js';

/**
 * Tells whether two snapshots say the same: a deep comparison, bytes included.
 *
 * @internal
 */
export function isSameOperation(a: Operation, b: Operation): boolean {
  return (
    a.name === b.name &&
    a.done === b.done &&
    isSame(a.metadata, b.metadata) &&
    isSame(a.error, b.error) &&
    isSame(a.response, b.response)
  );
}

// Many services tell no metadata at all.
function isSame(a: unknown, b: unknown): boolean {
  return a === b || isEqual(a, b);
}
