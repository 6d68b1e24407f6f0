import type { CallOptions } from '../../core/client.js';
import { callUntilAbort, throwIfAborted } from '../protobuf/cancellable-call.js';
import { readServiceError } from '../protobuf/service-error.js';
import type { MetadataOfCalls } from './options.js';
import type { GrpcStub, UnaryMethod } from './stub.js';

/**
 * Makes one call. An abort cancels it.
 *
 * @throws What the call failed with; the reason of the signal if that was aborted beforehand.
 */
export async function call(
  stub: GrpcStub,
  method: UnaryMethod,
  request: unknown,
  metadataOfCalls: MetadataOfCalls,
  { signal, timeout }: Partial<CallOptions>,
): Promise<unknown> {
  const deadline = timeout == null || timeout === Infinity ? undefined : Date.now() + timeout;
  throwIfAborted(signal);
  // Not awaited where it is known: a call that is made in the turn of its caller costs less.
  const metadata =
    typeof metadataOfCalls === 'function' ? await metadataOfCalls() : metadataOfCalls;
  const parameters = [
    request,
    ...(metadata === undefined ? [] : [metadata]),
    deadline === undefined ? {} : { deadline },
  ];
  const start = () => {
    let started: { cancel(): void };
    const answer = new Promise((resolve, reject) => {
      started = method.call(stub, ...parameters, (error: Error | null, value?: unknown) => {
        if (error == null) resolve(value);
        else reject(error);
      });
    });
    return { answer, cancel: () => started.cancel() };
  };
  return callUntilAbort(signal, start, readServiceError);
}
