import { createRegistry, fromBinary, fromJson, type Message } from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import { poll, waitForDone, type Operation, type OperationsClient } from 'rx-lro';
import { unpack } from 'rx-lro/any';
import type { Observable } from 'rxjs';
import { expectTypeOf, test } from 'vitest';

declare const client: OperationsClient;

test('the type of the message arrives at waitForDone and poll', () => {
  const response = unpack(TimestampSchema, fromBinary);
  expectTypeOf(response).returns.toEqualTypeOf<Timestamp>();
  expectTypeOf(unpack(TimestampSchema, fromBinary, fromJson)).returns.toEqualTypeOf<Timestamp>();
  const wait = waitForDone(client, 'operations/1', { response });
  expectTypeOf(wait).resolves.toEqualTypeOf<Timestamp>();
  const states = poll(client, 'operations/1', { response, metadata: response });
  expectTypeOf(states).toExtend<Observable<Operation<Timestamp, Timestamp>>>();
});

test('a registry gives messages of any type', () => {
  const response = unpack(createRegistry(TimestampSchema), fromBinary);
  expectTypeOf(response).returns.toExtend<Message>();
});

test('a type of protobufjs or ts-proto, and a function, give what they decode to', () => {
  expectTypeOf(unpack(new protobuf.Type('Book'))).returns.toExtend<protobuf.Message>();
  const book = { decode: (bytes: Uint8Array) => ({ title: String(bytes[0]) }) };
  expectTypeOf(unpack(book, 'library.v1.Book')).returns.toEqualTypeOf<{ title: string }>();
  const text = unpack('library.v1.Text', (bytes) => String(bytes[0]));
  expectTypeOf(text).returns.toEqualTypeOf<string>();
});

test('what is no type is refused', () => {
  // @ts-expect-error A schema says nothing of how to decode it.
  unpack(TimestampSchema);
  // @ts-expect-error A name decodes nothing.
  unpack('library.v1.Book');
});
