import { CancelNotConfirmedError } from '../errors/cancel-not-confirmed-error.js';
import type { StatusError } from '../errors/status-error.js';
import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import type { Operation } from '../operation.js';
import type { End, Terms } from './facts.js';

/** What is known of a wait that ends before its operation does. @internal */
export interface UnfinishedWait {
  /** The last that is known. Undefined while not even the name is. */
  readonly operation: Operation | undefined;
  /** The call that failed last. Undefined once one was answered. */
  readonly failure: StatusError | undefined;
  /** Whether it was to be cancelled, and the signal's reason. */
  readonly isCancelled: boolean;
  readonly reason: unknown;
}

/** Makes the error of a wait that ends before its operation does. @internal */
export function endError(
  why: End['why'],
  { timeout, cancelTimeout }: Terms,
  { operation, failure, isCancelled, reason }: UnfinishedWait,
): StatusError {
  if (why === 'not-confirmed') {
    return new CancelNotConfirmedError({ cancelTimeout, operation, failure, cause: reason });
  }
  const cause = isCancelled ? reason : failure;
  return new WaitTimeoutError({ timeout, operation, cancelRequested: isCancelled, cause });
}
