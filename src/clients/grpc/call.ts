import type { CallOptions } from '../../core/client.js';
import { callWithCredentials } from '../http/credentials.js';
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
  metadata: MetadataOfCalls,
  { signal, timeout }: Partial<CallOptions>,
): Promise<unknown> {
  const deadline = timeout == null || timeout === Infinity ? undefined : Date.now() + timeout;
  const make = (own: object | undefined) => callOnce(stub, method, request, own, deadline, signal);
  throwIfAborted(signal);
  // Not awaited where it is known: a call that is made in the turn of its caller costs less.
  if (typeof metadata !== 'function') return make(metadata);
  return callWithCredentials(metadata, make);
}

function callOnce(
  stub: GrpcStub,
  method: UnaryMethod,
  request: unknown,
  metadata: object | undefined,
  deadline: number | undefined,
  signal: AbortSignal | null | undefined,
): Promise<unknown> {
  const parameters = [
    request,
    ...(metadata === undefined ? [] : [metadata]),
    // Only a stub that returns promises reads the signal.
    { ...(deadline === undefined ? {} : { deadline }), ...(signal == null ? {} : { signal }) },
  ];
  const start = () => {
    let started: ReturnType<UnaryMethod>;
    const answer = new Promise((resolve, reject) => {
      started = method.call(stub, ...parameters, (error: Error | null, value?: unknown) => {
        if (error == null) resolve(value);
        else reject(error);
      });
      if (started?.then === undefined) return;
      // It takes other metadata, within its options.
      if (metadata !== undefined) reject(new TypeError(wrongMetadata));
      started.then(resolve, reject);
    });
    return { answer, cancel: () => started?.cancel?.() };
  };
  return callUntilAbort(signal, start, readServiceError);
}

const wrongMetadata =
  'Option `metadata` cannot be used with a stub that returns promises: use `connectClient` with a client of Connect, and a middleware with nice-grpc.';
