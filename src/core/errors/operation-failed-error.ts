import { Code } from '../status/code.js';
import type { FailedOperation } from '../operation.js';
import { StatusError } from './status-error.js';
import { describeStatus, nameOf } from './wording.js';

/**
 * The operation ran and failed, or was cancelled: the server's own verdict. Asking again will not
 * change it; starting it again may.
 */
export class OperationFailedError extends StatusError {
  /** @internal */
  static readonly kind = 'operation-failed';
  /** `'OperationFailedError'`, also in code whose class names were shortened. */
  override readonly name: string = 'OperationFailedError';
  override readonly kind = 'operation-failed';

  /** @param options - The operation that failed. */
  constructor({
    operation,
  }: {
    /** The operation, done, with its `error`. */
    readonly operation: FailedOperation;
  }) {
    const { error } = operation;
    const verb = error.code === Code.CANCELLED ? 'was cancelled' : 'failed';
    const advice =
      error.code === Code.ABORTED || error.code === Code.CANCELLED
        ? 'It has ended; start it again if it is still wanted.'
        : 'It has ended; fix the cause, then start it again.';
    super(`${nameOf(operation.name)} ${verb}: ${describeStatus(error)} ${advice}`, {
      status: error,
      operation,
    });
  }
}
