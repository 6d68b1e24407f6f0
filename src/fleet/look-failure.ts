import { CallFailedError } from '../core/errors/call-failed-error.js';
import type { StatusError } from '../core/errors/status-error.js';
import { isTransient } from '../core/policy/retry.js';
import { Code } from '../core/status/code.js';

/**
 * The error of a wait whose look has failed for good. It passes for one that is worth another try, since
 * nothing is wrong with the wait itself: whoever waits asks by Get then, and learns what is.
 *
 * @internal
 */
export function lookFailed(name: string, thrown: unknown, error: StatusError): unknown {
  if (isTransient(error)) return thrown;
  const message = `the fleet could not look at it: ${error.status.message || error.codeName}`;
  return new CallFailedError({
    method: 'wait',
    operationName: name,
    status: { code: Code.UNAVAILABLE, message, details: [] },
    cause: thrown,
  });
}

/** The error of a wait whose time was up before its operation was looked at. @internal */
export function notLookedAt(name: string): CallFailedError {
  const message = 'the fleet has yet to look at it: more is watched than its limits allow for';
  const status = { code: Code.DEADLINE_EXCEEDED, message, details: [] };
  return new CallFailedError({ method: 'wait', operationName: name, status });
}
