import { take } from 'rxjs';
import type { CallOptions } from '../../core/client.js';
import { isObservable, observableOf } from '../../core/platform/observable.js';
import { Code } from '../../core/status/code.js';
import { callWithCredentials } from '../http/credentials.js';
import { callUntilAbort, throwIfAborted } from '../protobuf/cancellable-call.js';
import { readServiceError } from '../protobuf/service-error.js';
import type { MetadataOfCalls } from './options.js';
import { wrongMetadata, type GrpcStub, type UnaryMethod } from './stub.js';

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
    // Only a stub that returns promises reads the signal: as `signal`, or as `abort` that of protobuf-ts.
    {
      ...(deadline === undefined ? {} : { deadline }),
      ...(signal == null ? {} : { signal, abort: signal }),
    },
  ];
  const start = () => {
    let cancel: () => void = () => undefined;
    const answer = new Promise((resolve, reject) => {
      const started = method.call(stub, ...parameters, (error: Error | null, value?: unknown) => {
        if (error == null) resolve(value);
        else reject(error);
      });
      cancel = () => started?.cancel?.();
      const held = observableOf(started?.response ?? started);
      if (held === undefined) return;
      // A stub that returns promises takes other metadata, within its options.
      if (metadata !== undefined && !isObservable(started)) reject(new TypeError(wrongMetadata));
      const subscription = held.pipe(take(1)).subscribe({
        next: resolve,
        error: reject,
        complete: () => resolve(undefined),
      });
      cancel = () => {
        subscription.unsubscribe();
        // As grpc-js says it.
        reject(Object.assign(new Error('Cancelled on client'), { code: Code.CANCELLED }));
      };
    });
    return { answer, cancel: () => cancel() };
  };
  return callUntilAbort(signal, start, readServiceError);
}
