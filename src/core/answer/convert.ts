import { decodeWith, isPromiseLike, type DecodeOptions } from './decoder.js';
import { ProtocolError } from '../errors/protocol-error.js';
import { statusFrom } from '../status/status-from.js';
import type { Operation } from '../operation.js';

/**
 * Has the caller's decoders check and type a snapshot.
 *
 * @param onMismatch - Is told of metadata that is not taken; the snapshot goes on without it.
 * @returns The snapshot; a promise of it where a decoder gives one.
 * @throws ProtocolError when the response is not taken; a promise rejects with the same.
 * @internal
 */
export function convertOperation(
  operation: Operation,
  decoders: DecodeOptions,
  onMismatch: (error: unknown) => unknown,
): Operation | PromiseLike<Operation> {
  const withMetadata = convertMetadata(operation, decoders, onMismatch);
  return isPromiseLike(withMetadata)
    ? withMetadata.then((converted) => convertResponse(converted, operation, decoders))
    : convertResponse(withMetadata, operation, decoders);
}

function convertMetadata(
  operation: Operation,
  { metadata: decoder }: DecodeOptions,
  onMismatch: (error: unknown) => unknown,
): Operation | PromiseLike<Operation> {
  if (decoder == null || operation.metadata === undefined) return operation;
  const put = (metadata: unknown): Operation => Object.freeze({ ...operation, metadata });
  const leaveOut = (error: unknown): Operation => {
    onMismatch(error);
    const { metadata: _, ...rest } = operation;
    return Object.freeze(rest);
  };
  try {
    const metadata = decodeWith(decoder, operation.metadata);
    return isPromiseLike(metadata) ? metadata.then(put, leaveOut) : put(metadata);
  } catch (error) {
    return leaveOut(error);
  }
}

function convertResponse(
  operation: Operation,
  asItCame: Operation,
  { response: decoder }: DecodeOptions,
): Operation | PromiseLike<Operation> {
  if (decoder == null || !operation.done || operation.error !== undefined) return operation;
  const put = (response: unknown): Operation => Object.freeze({ ...operation, response });
  const refuse = (cause: unknown): never => {
    const why = statusFrom(cause).message || 'it does not say why';
    throw new ProtocolError({
      problem: `says that it succeeded, but its response is not what \`response\` takes (${why}); it is in the error's \`operation\``,
      answer: asItCame.response,
      operation: asItCame,
      cause,
    });
  };
  let response: unknown;
  try {
    response = decodeWith(decoder, operation.response);
  } catch (error) {
    return refuse(error);
  }
  return isPromiseLike(response) ? response.then(put, refuse) : put(response);
}
