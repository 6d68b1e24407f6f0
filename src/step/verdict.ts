import { errorFromJson } from '../core/errors/error-from-json.js';
import { OperationFailedError } from '../core/errors/operation-failed-error.js';
import type { StatusError } from '../core/errors/status-error.js';
import type { FailedOperation, Operation } from '../core/operation.js';
import { checkObject } from '../core/values/check.js';
import { isRecord } from '../core/values/record.js';

/**
 * How a wait ended: as `poll` would have, with the final snapshot, be it of success or failure, or with the
 * error that says why the outcome is not known. It is JSON if the snapshot is.
 *
 * @typeParam Response - The type of the response.
 * @typeParam Metadata - The type of the metadata.
 */
export type Verdict<Response = unknown, Metadata = unknown> =
  | {
      /** The final snapshot. */
      readonly operation: Operation<Response, Metadata>;
      /** Absent. */
      readonly error?: undefined;
    }
  | {
      /** Why the outcome could not be determined. */
      readonly error: StatusError;
      /** Absent. */
      readonly operation?: undefined;
    };

/**
 * Reads a verdict as `waitForDone` would have settled.
 *
 * @param verdict - What `pollOnce` gave, or what JSON made of it.
 * @returns The response; undefined where the operation has none.
 * @throws OperationFailedError when the operation failed or was cancelled; the StatusError of the wait
 * when the outcome is not known; TypeError when it is not a verdict.
 *
 * @example
 * ```ts
 * import { responseOf, type Verdict } from 'rx-lro/step';
 *
 * declare const stored: string;
 * export const response = responseOf(JSON.parse(stored) as Verdict);
 * ```
 */
export function responseOf<Response>(verdict: Verdict<Response>): Response | undefined {
  checkObject('verdict', verdict);
  const { operation, error } = verdict;
  if (operation == null) throw error instanceof Error ? error : errorFromJson(error);
  // Stored by other code, it may be anything.
  if (!isRecord(operation) || !operation.done) {
    throw new TypeError('This is not a verdict: its operation is not done.');
  }
  if (operation.error == null) return operation.response;
  throw new OperationFailedError({ operation: operation as FailedOperation });
}
