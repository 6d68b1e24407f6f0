import { abortReason, onAbort } from '../../core/platform/abort-signal.js';
import type { CallOptions } from '../../core/client.js';
import { readServiceError } from '../protobuf/service-error.js';
import { readStatusInMessage } from '../http/status-in-message.js';
import { isRecord } from '../../core/values/record.js';
import type { GaxOperationsClient } from './source.js';

/**
 * Makes one call, with google-gax's own retries off. An abort cancels it.
 *
 * @returns The tuple that google-gax answers with.
 * @throws What the call failed with; what the signal was aborted with, when that was before its start.
 */
export async function call(
  client: GaxOperationsClient,
  method: keyof GaxOperationsClient,
  request: object,
  headers: Readonly<Record<string, string>> | undefined,
  { signal, timeout }: Partial<CallOptions>,
): Promise<readonly unknown[]> {
  if (signal?.aborted === true) throw abortReason(signal);
  const options = {
    autoPaginate: false,
    retry: null,
    ...(timeout === undefined || timeout === Infinity ? {} : { timeout }),
    ...(headers === undefined ? {} : { otherArgs: { headers } }),
  };
  // The parameters are typed by protobufjs; these are the fields of the proto.
  const answer = client[method](request as never, options as never);
  const stopListening =
    signal === undefined ? undefined : onAbort(signal, () => cancelCall(answer));
  // It may have been aborted while the call was made.
  if (isAborted(signal)) cancelCall(answer);
  try {
    const values: unknown = await answer;
    return Array.isArray(values) ? (values as readonly unknown[]) : [values];
  } catch (error) {
    throw failureOf(error, isAborted(signal));
  } finally {
    stopListening?.();
  }
}

// The promises of google-gax have a method beside those of a promise.
function cancelCall(answer: Promise<unknown>): void {
  (answer as { cancel?: () => void }).cancel?.();
}

// A function, as the compiler takes it that what it has seen to be false stays so.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function failureOf(error: unknown, wasAborted: boolean): unknown {
  // Over gRPC an error has metadata, over REST a list of details. All others are of HTTP or the network.
  const isOfServer = isRecord(error) && (isRecord(error['metadata']) || 'details' in error);
  return isOfServer ? readServiceError(error, wasAborted) : readStatusInMessage(error);
}
