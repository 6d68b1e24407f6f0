import { abortReason, onAbort } from '../../core/platform/abort-signal.js';
import type { CallOptions } from '../../core/client.js';
import { readServiceError } from '../protobuf/service-error.js';
import type { MetadataOfCall } from './options.js';
import type { GrpcStub, UnaryCallback, UnaryMethod } from './stub.js';

/**
 * Makes one call. An abort cancels it, so that the server knows; no listener stays behind.
 *
 * @throws What the call failed with; what the signal was aborted with, when that was before its start.
 */
export async function call(
  stub: GrpcStub,
  method: UnaryMethod,
  request: unknown,
  metadataOfCall: MetadataOfCall,
  { signal, timeout }: Partial<CallOptions>,
): Promise<unknown> {
  const deadline = timeout == null || timeout === Infinity ? undefined : Date.now() + timeout;
  if (isAborted(signal)) throw abortReason(signal as AbortSignal);
  const metadata = await metadataOfCall();
  // It may have been aborted while a token was fetched, and then nothing may start any more.
  if (isAborted(signal)) throw abortReason(signal as AbortSignal);
  return new Promise((resolve, reject) => {
    let stopListening: (() => void) | undefined;
    let isAnswered = false;
    const onAnswer: UnaryCallback = (error, answer) => {
      isAnswered = true;
      stopListening?.();
      if (error == null) resolve(answer);
      else reject(readServiceError(error, isAborted(signal)));
    };
    const started = method.call(
      stub,
      request,
      ...(metadata === undefined ? [] : [metadata]),
      deadline === undefined ? {} : { deadline },
      onAnswer,
    );
    // A stub of the caller's own may answer, or the signal be aborted, before it returns.
    if (signal == null || isAnswered) return;
    if (isAborted(signal)) started.cancel();
    else stopListening = onAbort(signal, () => started.cancel());
  });
}

// A function, as the compiler takes it that what it has seen to be false stays so.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
