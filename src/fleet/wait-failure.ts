import { CallFailedError } from '../core/errors/call-failed-error.js';
import type { StatusError } from '../core/errors/status-error.js';
import { isTransient } from '../core/policy/retry.js';
import { Code } from '../core/status/code.js';

/**
 * The error of a wait whose request has failed for good. It is given as one worth a retry, since nothing is
 * wrong with the wait itself: who waits asks by Get then, and gets the real error.
 *
 * @internal
 */
export function waitFailed(name: string, thrown: unknown, error: StatusError): unknown {
  if (isTransient(error)) return thrown;
  const message = `the request of the fleet failed: ${error.status.message || error.codeName}`;
  return errorOf(name, Code.UNAVAILABLE, message, thrown);
}

/** The error of a wait whose time was up before its operation was asked about. @internal */
export function neverAsked(name: string): CallFailedError {
  const message = 'the fleet has not asked about it yet: more is watched than its limits allow for';
  return errorOf(name, Code.DEADLINE_EXCEEDED, message);
}

function errorOf(name: string, code: number, message: string, cause?: unknown): CallFailedError {
  const status = { code, message, details: [] };
  return new CallFailedError({ method: 'wait', operationName: name, status, cause });
}
