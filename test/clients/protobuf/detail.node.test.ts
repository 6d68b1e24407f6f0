import fc from 'fast-check';
import { findDetail } from 'rx-lro';
import { describe, expect, test } from 'vitest';

import { readDetail } from '../../../src/clients/protobuf/detail.js';
import { readStatus } from '../../../src/clients/protobuf/status.js';
import { encode, pack } from './google-types.js';

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
// protobufjs itself drops such a key.
const key = text.filter((value) => value !== '__proto__');
const map = fc.dictionary(key, fc.string({ unit: 'grapheme' }), {
  minKeys: 1,
  noNullPrototype: true,
});
const some = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(value, { minLength: 1, maxLength: 4 });
const fields = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc.record(shape, { requiredKeys: [] });

const localizedMessage = fields({ locale: text, message: text });
const details: Readonly<Record<string, fc.Arbitrary<object>>> = {
  ErrorInfo: fields({ reason: text, domain: text, metadata: map }),
  DebugInfo: fields({ stackEntries: some(text), detail: text }),
  QuotaFailure: fields({
    violations: some(
      fields({
        subject: text,
        description: text,
        apiService: text,
        quotaMetric: text,
        quotaId: text,
        quotaDimensions: map,
        quotaValue: int64.filter((value) => value !== '0'),
        futureQuotaValue: int64,
      }),
    ),
  }),
  PreconditionFailure: fields({
    violations: some(fields({ type: text, subject: text, description: text })),
  }),
  BadRequest: fields({
    fieldViolations: some(
      fields({ field: text, description: text, reason: text, localizedMessage }),
    ),
  }),
  RequestInfo: fields({ requestId: text, servingData: text }),
  ResourceInfo: fields({ resourceType: text, resourceName: text, owner: text, description: text }),
  Help: fields({ links: some(fields({ description: text, url: text })) }),
  LocalizedMessage: localizedMessage,
};

describe('a predefined detail in binary form reads as ProtoJSON has it', () => {
  test.each(Object.keys(details))('%s', (name) => {
    const arbitrary = details[name] ?? fc.constant({});
    fc.assert(
      fc.property(arbitrary, (content) => {
        const type = `google.rpc.${name}`;
        expect(readDetail(pack(type, content))).toEqual({
          '@type': `type.googleapis.com/${type}`,
          ...content,
        });
      }),
    );
  });

  test.each([
    { seconds: 2, nanos: 500_000_000, retryDelay: '2.5s' },
    { seconds: 0, nanos: 1_000_000, retryDelay: '0.001s' },
    { seconds: 86_400, nanos: 0, retryDelay: '86400s' },
  ])('RetryInfo of $retryDelay', ({ seconds, nanos, retryDelay }) => {
    const detail = readDetail(pack('google.rpc.RetryInfo', { retryDelay: { seconds, nanos } }));
    const status = { details: [detail] };
    expect(findDetail(status, 'google.rpc.RetryInfo')?.retryDelay).toBe(retryDelay);
  });
});

describe('a detail stays as it came', () => {
  const reason = encode('google.rpc.ErrorInfo', { reason: 'STOCKOUT' });
  test.each([
    { why: 'it is in JSON', detail: { '@type': 'type.googleapis.com/google.rpc.Help', links: [] } },
    { why: 'its type is unknown', detail: { typeUrl: 'x/library.v1.Late', value: reason } },
    { why: 'its type is no message', detail: { typeUrl: 'x/google.rpc.toString', value: reason } },
    {
      why: 'it is cut off',
      detail: { typeUrl: 'x/google.rpc.ErrorInfo', value: reason.subarray(0, -1) },
    },
    {
      why: 'a newer server put a field into it',
      detail: { typeUrl: 'x/google.rpc.ErrorInfo', value: Uint8Array.of(...reason, 0x78, 1) },
    },
    { why: 'it is a text', detail: 'out of stock' },
    { why: 'it is nothing', detail: null },
  ])('when $why', ({ detail }) => {
    expect(readDetail(detail)).toBe(detail);
  });

  test('whatever its bytes are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(details), 'RetryInfo'),
        fc.uint8Array(),
        (name, value) => {
          const detail = { typeUrl: `x/google.rpc.${name}`, value };
          const read = readDetail(detail);
          expect([detail, { '@type': detail.typeUrl }]).toContainEqual(
            read === detail ? detail : { '@type': (read as Record<string, unknown>)['@type'] },
          );
        },
      ),
    );
  });
});

describe('a serialized Status', () => {
  test('reads with its code, message and details', () => {
    const bytes = encode('google.rpc.Status', {
      code: 8,
      message: 'Zu wenig Ü 🚀',
      details: [
        pack('google.rpc.ErrorInfo', { reason: 'STOCKOUT' }),
        { typeUrl: 'x/library.v1.Late', value: Uint8Array.of(1, 2) },
      ].map(({ typeUrl, value }) => ({ type_url: typeUrl, value })),
    });
    expect(readStatus(bytes)).toEqual({
      code: 8,
      message: 'Zu wenig Ü 🚀',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' },
        { typeUrl: 'x/library.v1.Late', value: Uint8Array.of(1, 2) },
      ],
    });
  });

  test('has bytes of its own, so that the whole trailer is not kept', () => {
    const any = { type_url: 'x/library.v1.Late', value: Uint8Array.of(1, 2) };
    const trailer = Buffer.from(encode('google.rpc.Status', { details: [any] }));
    const status = readStatus(trailer);
    trailer.fill(0);
    expect(status?.details).toEqual([{ typeUrl: any.type_url, value: Uint8Array.of(1, 2) }]);
  });

  test('may have a code below zero', () => {
    expect(readStatus(encode('google.rpc.Status', { code: -7 }))?.code).toBe(-7);
  });

  test('is undefined when the bytes are none', () => {
    expect(readStatus(Uint8Array.of(0xff))).toBeUndefined();
    expect(readStatus(Uint8Array.of(0x12, 9, 65))).toBeUndefined();
    expect(readStatus(Uint8Array.of(0x0b))).toBeUndefined();
    // A code that is a text, and a detail that is a number.
    expect(readStatus(Uint8Array.of(0x0a, 1, 65))).toBeUndefined();
    expect(readStatus(Uint8Array.of(0x18, 1))).toBeUndefined();
  });

  test('reads on past a field that a newer server put into a detail', () => {
    const any = Uint8Array.of(0x0a, 3, 120, 47, 65, 0x12, 1, 7, 0x18, 1);
    const status = readStatus(Uint8Array.of(0x1a, any.length, ...any));
    expect(status?.details).toEqual([{ typeUrl: 'x/A', value: Uint8Array.of(7) }]);
  });

  test('is never a throw, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const status = readStatus(bytes);
        expect(status === undefined || Array.isArray(status.details)).toBe(true);
      }),
    );
  });
});
