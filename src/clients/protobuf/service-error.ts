import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';
import { readStatus } from './status.js';

/**
 * Gives a ServiceError of `@grpc/grpc-js` a `status` where it says less, or something else, than what
 * came: the details, decoded, and a stream that was reset.
 *
 * @param wasAborted - Whether the caller itself gave the call up.
 * @returns The same error.
 * @internal
 */
export function readServiceError(error: unknown, wasAborted: boolean): unknown {
  if (!(error instanceof Error)) return error;
  const details = detailsOf(error) ?? [];
  const status = statusFrom(error);
  // A stream that the server or a proxy reset is no verdict of the service: it may well pass.
  const isReset = status.code === Code.CANCELLED && !wasAborted;
  if (details.length === 0 && !isReset) return error;
  const code = isReset ? Code.UNAVAILABLE : status.code;
  return Object.assign(error, {
    status: { ...status, code, details: details.length === 0 ? status.details : details },
  });
}

// Source: the trailer `grpc-status-details-bin`, a serialized google.rpc.Status.
function detailsOf(error: Error): readonly unknown[] | undefined {
  const metadata: unknown = Reflect.get(error, 'metadata');
  if (!isRecord(metadata) || typeof metadata['get'] !== 'function') return undefined;
  const values: unknown = (metadata as { get: (key: string) => unknown }).get(
    'grpc-status-details-bin',
  );
  const bytes: unknown = Array.isArray(values) ? values[0] : undefined;
  return bytes instanceof Uint8Array ? readStatus(bytes)?.details : undefined;
}
