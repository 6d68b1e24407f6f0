import type { NetworkFailure } from '../status/network-failure.js';
import { networkFailureWithin } from '../status/status-from.js';
import type { Status } from '../status/status.js';
import { retryDelayOf } from '../status/details.js';
import { toJsonValue } from '../values/json.js';
import { readSafely } from '../values/record.js';
import type { StatusError } from './status-error.js';

/** How a call failed, as plain data. @internal */
export interface Failure {
  readonly kind: StatusError['kind'];
  readonly status: Status;
  /** How long the server asks to be left alone, in milliseconds. Absent where it does not ask. */
  readonly askedDelay?: number | undefined;
  /** How the network failed. Absent where the server was reached. */
  readonly network?: NetworkFailure | undefined;
}

/**
 * Makes plain data of an error.
 *
 * @internal
 */
export function failureData(error: StatusError): Failure {
  const { kind, status } = error;
  const { code, message, details } = status;
  return {
    kind,
    status: { code, message, details: toJsonValue(details) as readonly unknown[] },
    askedDelay: retryDelayOf(status),
    network: readSafely(() => networkFailureWithin(error.cause)),
  };
}
