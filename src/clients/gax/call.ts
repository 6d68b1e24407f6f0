import type { CallOptions } from '../../core/client.js';
import { isRecord } from '../../core/values/record.js';
import { readStatusInMessage } from '../http/status-in-message.js';
import { callUntilAbort } from '../protobuf/cancellable-call.js';
import { readServiceError } from '../protobuf/service-error.js';
import type { GaxOperationsClient } from './source.js';

/**
 * Makes one call, with google-gax's own retries off. An abort cancels it.
 *
 * @returns The tuple that google-gax answers with.
 * @throws What the call failed with; the reason of the signal if that was aborted beforehand.
 */
export async function call(
  client: GaxOperationsClient,
  method: keyof GaxOperationsClient,
  request: object,
  headers: Readonly<Record<string, string>> | undefined,
  { signal, timeout }: Partial<CallOptions>,
): Promise<readonly unknown[]> {
  const options = {
    autoPaginate: false,
    retry: null,
    ...(timeout === undefined || timeout === Infinity ? {} : { timeout }),
    ...(headers === undefined ? {} : { otherArgs: { headers } }),
  };
  const start = () => {
    // The parameters are typed by protobufjs; these are the fields of the proto.
    const answer = client[method](request as never, options as never);
    // The promises of google-gax have a method more than others.
    return { answer, cancel: () => (answer as { cancel?: () => void }).cancel?.() };
  };
  const values = await callUntilAbort(signal, start, failureOf);
  return Array.isArray(values) ? (values as readonly unknown[]) : [values];
}

function failureOf(error: unknown, wasAborted: boolean): unknown {
  // Over gRPC an error has metadata, over REST a list of details. All others are of HTTP or the network.
  const isOfServer = isRecord(error) && (isRecord(error['metadata']) || 'details' in error);
  return isOfServer ? readServiceError(error, wasAborted) : readStatusInMessage(error);
}
