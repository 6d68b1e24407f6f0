import { errorFromJson } from '../../core/errors/error-from-json.js';
import type { Operation } from '../../core/operation.js';
import type { Verdict } from '../../step/verdict.js';
import { readOperation, sizeOf, storeOperation, type Stored } from './stored-operation.js';

/** A verdict as JSON. */
export type StoredVerdict =
  | { readonly operation: unknown; readonly error?: undefined; readonly isLarge?: undefined }
  | { readonly error: unknown; readonly operation?: undefined; readonly isLarge?: undefined }
  /** The result is not kept: it is too large, or JSON cannot hold it. */
  | { readonly isLarge: true; readonly operation?: undefined; readonly error?: undefined };

/**
 * Stores a verdict, as far as it can be stored.
 *
 * @param limit - How large it may be, in characters of JSON.
 */
export function storeVerdict({ operation, error }: Verdict, limit: number): Stored<StoredVerdict> {
  if (operation === undefined) return { stored: { error: storeError(error, limit) } };
  const { stored, problem } = storeOperation(operation, limit);
  return problem === undefined
    ? { stored: { operation: stored } }
    : { stored: { isLarge: true }, problem };
}

/** @returns The verdict; undefined where the result is not kept. */
export function readVerdict(stored: StoredVerdict): Verdict | undefined {
  if (stored.isLarge === true) return undefined;
  if (stored.error !== undefined) return { error: errorFromJson(stored.error) };
  return { operation: readOperation(stored.operation) as Operation };
}

/** What JSON makes of an error leaves out a snapshot that is too large. */
function storeError(error: Error | undefined, limit: number): unknown {
  const json = JSON.parse(JSON.stringify(error)) as {
    operation?: { name?: unknown; done?: unknown };
  };
  if (sizeOf(json) <= limit || json.operation === undefined) return json;
  const { name, done } = json.operation;
  return { ...json, operation: { name, done } };
}
