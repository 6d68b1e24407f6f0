import { anyOf, typeNameIn, type BinaryAny } from '../../clients/protobuf/any.js';
import { decodeValue, encodeValue } from './value.js';

const VALUE = 'google.protobuf.Value';

/**
 * Makes a binary Any of a value in a script. An Any in binary form stays as it is; any other value becomes
 * a `google.protobuf.Value`. @internal
 */
export function toAny(value: unknown): BinaryAny {
  return anyOf(value) ?? { typeUrl: `type.googleapis.com/${VALUE}`, bytes: encodeValue(value) };
}

/**
 * Reads a value of a script: over gRPC and Connect, a `response` or `metadata` that is plain in a
 * script travels as an Any of `google.protobuf.Value` in binary form.
 *
 * @param value - The value that the client received.
 * @returns The plain value; any other value is returned unchanged.
 *
 * @example
 * ```ts
 * import { waitForDone, type OperationsClient } from 'rx-lro';
 * import { FakeOperations, plainOf } from 'rx-lro/testing';
 *
 * declare const client: OperationsClient; // over gRPC, of a server that has `fake.grpc`
 * const fake = new FakeOperations();
 * const operation = fake.start({ response: { pages: 12 } });
 * await waitForDone(client, operation.name, { response: plainOf }); // { pages: 12 }
 * ```
 */
export function plainOf(value: unknown): unknown {
  const any = anyOf(value);
  return any !== undefined && typeNameIn(any.typeUrl) === VALUE ? decodeValue(any.bytes) : value;
}
