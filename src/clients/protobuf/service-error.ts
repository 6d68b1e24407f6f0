import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { codeOfOwnFailure } from './own-failure.js';
import { readStatus } from './status.js';

/**
 * Gives a ServiceError of `@grpc/grpc-js`, or a GoogleError of google-gax, a `status`: the code, the
 * message of the server alone, and the details, decoded.
 *
 * @param wasAborted - Whether the caller itself gave the call up.
 * @returns The same error. A value that is not an Error with a number as its code stays as it is.
 * @internal
 */
export function readServiceError(error: unknown, wasAborted: boolean): unknown {
  if (!(error instanceof Error)) return error;
  const { code, statusDetails, details } = error as Error & Fields;
  if (typeof code !== 'number') return error;
  // grpc-js writes the code before the message of the server.
  const message = error.message.replace(new RegExp(`^${code} \\w+:\\s*`), '');
  // google-gax keeps the details that it could decode apart.
  const all = trailerDetails(error) ?? [statusDetails, details].filter(Array.isArray).flat();
  return withStatus(error, statusFrom({ code, message, details: all }), wasAborted);
}

/**
 * Gives an error a `status`, which the core reads in place of the rest of it.
 *
 * @param wasAborted - Whether the caller itself gave the call up.
 * @returns The same error.
 * @internal
 */
export function withStatus(error: Error, status: Status, wasAborted: boolean): Error {
  // A stream that the server or a proxy reset is not a verdict of the service: a retry may succeed.
  const isReset = status.code === Code.CANCELLED && !wasAborted;
  const code = isReset ? Code.UNAVAILABLE : codeOfOwnFailure(status.code, status.message);
  return Object.assign(error, { status: { ...status, code } });
}

// Source: the trailer `grpc-status-details-bin`, a serialized google.rpc.Status.
function trailerDetails(error: Error): readonly unknown[] | undefined {
  const metadata: unknown = Reflect.get(error, 'metadata');
  if (!isRecord(metadata) || typeof metadata['get'] !== 'function') return undefined;
  const values: unknown = (metadata as { get: (key: string) => unknown }).get(
    'grpc-status-details-bin',
  );
  const bytes: unknown = Array.isArray(values) ? values[0] : undefined;
  return bytes instanceof Uint8Array ? readStatus(bytes)?.details : undefined;
}
