import { decodeWith, goOn, type DecodeOptions, type Decoder } from './decoder.js';
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
  return goOn(convertMetadata(operation, decoders, onMismatch), (converted) =>
    convertResponse(converted, operation, decoders),
  );
}

function convertMetadata(
  operation: Operation,
  { metadata: decoder }: DecodeOptions,
  onMismatch: (error: unknown) => unknown,
): Operation | PromiseLike<Operation> {
  if (decoder == null || operation.metadata === undefined) return operation;
  return decode(decoder, operation, 'metadata', (error) => {
    onMismatch(error);
    const { metadata: _, ...rest } = operation;
    return Object.freeze(rest);
  });
}

function convertResponse(
  operation: Operation,
  asItCame: Operation,
  { response: decoder }: DecodeOptions,
): Operation | PromiseLike<Operation> {
  if (decoder == null || !operation.done || operation.error !== undefined) return operation;
  return decode(decoder, operation, 'response', (cause) => {
    const why = statusFrom(cause).message || 'it does not say why';
    throw new ProtocolError({
      problem: `says that it succeeded, but its response is not what \`response\` takes (${why}); it is in the error's \`operation\``,
      answer: asItCame.response,
      operation: asItCame,
      cause,
    });
  });
}

/** Has a decoder replace a field. */
function decode(
  decoder: Decoder<unknown>,
  operation: Operation,
  field: 'metadata' | 'response',
  refuse: (error: unknown) => Operation,
): Operation | PromiseLike<Operation> {
  const put = (value: unknown): Operation => Object.freeze({ ...operation, [field]: value });
  try {
    return goOn(decodeWith(decoder, operation[field]), put, refuse);
  } catch (error) {
    return refuse(error);
  }
}
