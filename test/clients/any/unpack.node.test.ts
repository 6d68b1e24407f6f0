import { createRegistry, fromBinary, fromJson, toBinary, create } from '@bufbuild/protobuf';
import {
  DurationSchema,
  EmptySchema,
  StringValueSchema,
  TimestampSchema,
} from '@bufbuild/protobuf/wkt';
import { ProtocolError, poll, waitForDone, type OperationsClient } from 'rx-lro';
import { AnyTypeError, unpack } from 'rx-lro/any';
import { lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';

import { googleType, pack } from '../protobuf/google-types.js';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('It did not throw.');
}

const bytes = toBinary(TimestampSchema, create(TimestampSchema, { seconds: 5n, nanos: 7 }));
const any = { typeUrl: 'type.googleapis.com/google.protobuf.Timestamp', value: bytes };
const registry = createRegistry(TimestampSchema, StringValueSchema);
const tsProto = {
  decode: (input: Uint8Array): { seconds: number } => ({
    seconds: Number(fromBinary(TimestampSchema, input).seconds),
  }),
  fromJSON: (fields: { seconds: string }): { seconds: number } => ({
    seconds: Number(fields.seconds),
  }),
};

describe('an Any in binary form is unpacked', () => {
  const rows = [
    {
      by: 'a schema of protobuf-es',
      decode: unpack(TimestampSchema, fromBinary),
      made: { seconds: 5n, nanos: 7 },
    },
    {
      by: 'a registry of protobuf-es',
      decode: unpack(registry, fromBinary),
      made: { seconds: 5n, nanos: 7 },
    },
    {
      by: 'a reflected type of protobufjs',
      decode: unpack(googleType('google.protobuf.Timestamp')),
      made: { nanos: 7 },
    },
    {
      by: 'a generated class of protobufjs',
      decode: unpack({
        getTypeUrl: (prefix?: string) => `${prefix ?? 'x'}/google.protobuf.Timestamp`,
        decode: (input: Uint8Array) => ({ length: input.length }),
      }),
      made: { length: bytes.length },
    },
    {
      by: 'a class',
      decode: unpack(
        class Timestamp {
          readonly seconds = 0;
          static readonly $type = 'google.protobuf.Timestamp';
          static decode(input: Uint8Array): { length: number } {
            return { length: input.length };
          }
        },
      ),
      made: { length: bytes.length },
    },
    {
      by: 'a type of ts-proto that knows its name',
      decode: unpack({ ...tsProto, $type: 'google.protobuf.Timestamp' }),
      made: { seconds: 5 },
    },
    {
      by: 'a type of ts-proto with its name',
      decode: unpack(tsProto, 'google.protobuf.Timestamp'),
      made: { seconds: 5 },
    },
    {
      by: 'a function',
      decode: unpack('google.protobuf.Timestamp', (input) => ({ length: input.length })),
      made: { length: bytes.length },
    },
  ];
  describe.each(rows)('by $by', ({ decode, made }) => {
    const base64 = Buffer.from(bytes).toString('base64');
    test.each([
      { form: 'protobuf-es and ts-proto', value: any },
      { form: 'protobufjs', value: { type_url: any.typeUrl, value: Buffer.from(bytes) } },
      { form: 'google-protobuf', value: { typeUrl: any.typeUrl, value: base64 } },
      { form: 'a list of numbers', value: { type_url: any.typeUrl, value: [...bytes] } },
      { form: 'another prefix', value: { ...any, typeUrl: 'x/y/google.protobuf.Timestamp' } },
      { form: 'no prefix', value: { ...any, typeUrl: 'google.protobuf.Timestamp' } },
      { form: 'bytes under a name of JSON', value: { '@type': any.typeUrl, value: bytes } },
    ])('in the form of $form', ({ value }) => {
      expect(decode(value)).toMatchObject(made);
    });

    test.each([
      { what: 'another type', value: { ...any, typeUrl: 'x/google.protobuf.Duration' } },
      { what: 'no type', value: { ...any, typeUrl: '' } },
      { what: 'no Any', value: { seconds: 5 } },
      { what: 'a text', value: 'made' },
      { what: 'nothing', value: undefined },
    ])('and $what is an AnyTypeError that carries it', ({ value }) => {
      const error = thrownBy(() => decode(value));
      expect(error).toBeInstanceOf(AnyTypeError);
      expect((error as AnyTypeError).any).toBe(value);
      expect((error as AnyTypeError).expected).not.toBe('');
      expect((error as AnyTypeError).cause).toBeUndefined();
    });
  });

  test('and an empty one has no bytes at all', () => {
    const made = unpack(DurationSchema, fromBinary)({ type_url: 'x/google.protobuf.Duration' });
    expect(made).toMatchObject({ seconds: 0n, nanos: 0 });
  });

  test('and what cannot be decoded is an AnyTypeError with the cause', () => {
    const cut = { ...any, value: bytes.subarray(0, -1) };
    const error = thrownBy(() => unpack(TimestampSchema, fromBinary)(cut)) as AnyTypeError;
    expect(error).toBeInstanceOf(AnyTypeError);
    expect(error.any).toBe(cut);
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.message).toContain((error.cause as Error).message);
  });
});

test('a decoder that throws no Error is told of all the same', () => {
  const refuse = (): never => {
    throw 'no Book' as never;
  };
  const error = thrownBy(() => unpack('google.protobuf.Timestamp', refuse)(any)) as AnyTypeError;
  expect(error).toBeInstanceOf(AnyTypeError);
  expect([error.cause, error.message]).toEqual(['no Book', expect.stringMatching(/: no Book$/)]);
});

test.each([7, true, 'no base64!'])('an Any whose bytes are %o is none', (value) => {
  const decode = unpack(TimestampSchema, fromBinary);
  expect(() => decode({ ...any, value })).toThrow(AnyTypeError);
});

describe('an Any in JSON', () => {
  const typeUrl = 'type.googleapis.com/google.rpc.ErrorInfo';
  const value = { '@type': typeUrl, reason: 'STOCKOUT' };

  test('is taken by a type of protobufjs', () => {
    expect(unpack(googleType('google.rpc.ErrorInfo'))(value)).toMatchObject({ reason: 'STOCKOUT' });
  });

  test('is taken by a type of ts-proto', () => {
    const json = { '@type': 'x/google.protobuf.Timestamp', seconds: '5' };
    expect(unpack(tsProto, 'google.protobuf.Timestamp')(json)).toEqual({ seconds: 5 });
  });

  test('is taken by protobuf-es when it is given what reads JSON', () => {
    const json = { '@type': 'x/google.protobuf.Empty' };
    const made = unpack(EmptySchema, fromBinary, fromJson)(json);
    expect(made.$typeName).toBe('google.protobuf.Empty');
    expect(unpack(createRegistry(EmptySchema), fromBinary, fromJson)(json)).toEqual(made);
  });

  test('is refused, and named, by what takes bytes alone', () => {
    const error = thrownBy(() => unpack('google.rpc.ErrorInfo', (input) => input)(value));
    expect(error).toBeInstanceOf(AnyTypeError);
    expect((error as Error).message).toContain('JSON');
    expect((error as AnyTypeError).any).toBe(value);
  });
});

test('no response is an Empty, and nothing else', () => {
  const empty = unpack(EmptySchema, fromBinary);
  expect(empty(undefined).$typeName).toBe('google.protobuf.Empty');
  expect(empty(null).$typeName).toBe('google.protobuf.Empty');
  expect(() => unpack(StringValueSchema, fromBinary)(undefined)).toThrow(AnyTypeError);
});

describe('what is no type is refused before any call', () => {
  test.each([
    { source: null, second: fromBinary, message: /type/ },
    { source: 7, second: fromBinary, message: /type/ },
    { source: {}, second: fromBinary, message: /a schema/ },
    { source: TimestampSchema, second: undefined, message: /fromBinary/ },
    { source: 'library.v1.Book', second: undefined, message: /decode/ },
    { source: tsProto, second: undefined, message: /its own name/ },
  ])('$message', ({ source, second, message }) => {
    const run = unpack as unknown as (source: unknown, second: unknown) => unknown;
    expect(() => run(source, second)).toThrow(message);
    expect(() => run(source, second)).toThrow(TypeError);
  });
});

describe('a wait that is given such a decoder', () => {
  const done = (response: unknown): OperationsClient => ({
    get: async ({ name }) => ({ name, done: true, metadata: any, response }),
  });

  test('has the message for its response, and for its metadata', async () => {
    const decode = unpack(TimestampSchema, fromBinary);
    const options = { response: decode, metadata: decode };
    const operation = await lastValueFrom(poll(done(any), 'operations/1', options));
    expect(operation.response?.seconds).toBe(5n);
    expect(operation.metadata?.nanos).toBe(7);
  });

  test('keeps the raw Any when the type is another', async () => {
    const other = pack('google.rpc.ErrorInfo', { reason: 'STOCKOUT' });
    const response = unpack(TimestampSchema, fromBinary);
    const error: unknown = await waitForDone(done(other), 'operations/1', { response }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProtocolError);
    const { cause, operation, message } = error as ProtocolError;
    expect(cause).toBeInstanceOf(AnyTypeError);
    expect(cause).toMatchObject({
      expected: 'google.protobuf.Timestamp',
      typeUrl: other.typeUrl,
      any: other,
    });
    expect(operation?.response).toStrictEqual(other);
    expect(message).toContain('google.protobuf.Timestamp');
  });

  test('has the raw Any as it came without one', async () => {
    expect(await waitForDone(done(any), 'operations/1')).toStrictEqual(any);
  });
});
