import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { findDetail, type Status } from 'rx-lro';
import { retryDelayOf } from '../../src/core/status/details.js';
import { durationToMillis, millisToDuration } from '../../src/core/status/duration.js';
import { toNumber } from '../../src/core/values/number.js';

const typeUrl = 'type.googleapis.com/google.rpc.ErrorInfo';

function statusWith(...details: unknown[]): Status {
  return { code: 9, message: '', details };
}

// As the `long` package makes it.
function long(value: number): object {
  return { low: value, high: 0, unsigned: false, toNumber: () => value };
}

describe('findDetail', () => {
  it('finds each of the ten predefined details, with its type [fact 41] [fact 40]', () => {
    const names = [
      'ErrorInfo',
      'RetryInfo',
      'DebugInfo',
      'QuotaFailure',
      'PreconditionFailure',
      'BadRequest',
      'RequestInfo',
      'ResourceInfo',
      'Help',
      'LocalizedMessage',
    ] as const;
    const details = names.map((name) => ({ '@type': `type.googleapis.com/google.rpc.${name}` }));
    const status = statusWith(...details);
    for (const [index, name] of names.entries()) {
      expect(findDetail(status, `google.rpc.${name}`)).toBe(details[index]);
    }
    const quota = findDetail(status, 'google.rpc.QuotaFailure');
    expectTypeOf(quota?.violations?.[0]?.quotaValue).toEqualTypeOf<string | number | undefined>();
    expectTypeOf(findDetail(status, 'x.Y')).toEqualTypeOf<
      Readonly<Record<string, unknown>> | undefined
    >();
  });

  it.each<[string, object]>([
    ['JSON', { '@type': typeUrl }],
    ['an Any in JavaScript', { typeUrl }],
    ['an Any with the names of its proto', { type_url: typeUrl }],
    ['a message of protobuf-es', { $typeName: 'google.rpc.ErrorInfo' }],
    ['a message of ts-proto', { $type: 'google.rpc.ErrorInfo' }],
    ['a message of protobufjs', { $type: { fullName: '.google.rpc.ErrorInfo' } }],
  ])('knows the type of %s', (_, detail) => {
    expect(findDetail(statusWith(detail), 'google.rpc.ErrorInfo')).toBe(detail);
  });

  it.each([
    'type.googleapis.com/google.rpc.ErrorInfo',
    'example.com/a/b/google.rpc.ErrorInfo',
    '/google.rpc.ErrorInfo',
    'google.rpc.ErrorInfo',
  ])('looks only at what follows the last slash of %s [fact 47]', (url) => {
    const detail = { '@type': url };
    expect(findDetail(statusWith(detail), 'google.rpc.ErrorInfo')).toBe(detail);
  });

  it('finds a detail of a type that is not predefined, as it came [fact 41] [fact 47]', () => {
    const detail = { '@type': 'type.googleapis.com/acme.v1.Reason', shelf: 7 };
    expect(findDetail(statusWith(detail), 'acme.v1.Reason')).toBe(detail);
  });

  it('gives the first of two of one type', () => {
    const first = { '@type': typeUrl, reason: 'A' };
    const second = { '@type': typeUrl, reason: 'B' };
    expect(findDetail(statusWith(first, second), 'google.rpc.ErrorInfo')).toBe(first);
  });

  it.each([
    ['another type', { '@type': 'type.googleapis.com/google.rpc.Help' }],
    ['a longer name', { '@type': 'type.googleapis.com/x.google.rpc.ErrorInfo' }],
    ['a type that is no text', { '@type': 5 }],
    ['no type', { reason: 'A' }],
    ['null', null],
    ['a text', typeUrl],
    ['a list', [{ '@type': typeUrl }]],
  ])('finds nothing in %s', (_, detail) => {
    expect(findDetail(statusWith(detail), 'google.rpc.ErrorInfo')).toBeUndefined();
  });
});

describe('retryDelayOf', () => {
  const retryInfo = (fields: object): Status =>
    statusWith({ reason: 'x' }, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', ...fields });

  it.each<[string, object, number | undefined]>([
    ['retryDelay', { retryDelay: '1.5s' }, 1500],
    ['retry_delay', { retry_delay: '2s' }, 2000],
    ['a message', { retryDelay: { seconds: 3n, nanos: 5e6 } }, 3005],
    ['no delay', {}, undefined],
    ['null', { retryDelay: null }, undefined],
    ['nonsense', { retryDelay: 'soon' }, undefined],
    ['a negative delay', { retryDelay: '-1s' }, undefined],
  ])('reads a RetryInfo with %s [fact 31] [pain 10]', (_, fields, millis) => {
    expect(retryDelayOf(retryInfo(fields))).toBe(millis);
  });

  it('is undefined without a RetryInfo', () => {
    expect(retryDelayOf(statusWith({ retryDelay: '1s' }))).toBeUndefined();
  });
});

describe('durationToMillis', () => {
  it.each<[unknown, number | undefined]>([
    ['0s', 0],
    ['1s', 1000],
    ['1.s', 1000],
    ['1.5s', 1500],
    ['0.000001s', 0.001],
    ['315576000000s', 315_576_000_000_000],
    [`${'9'.repeat(400)}s`, undefined],
    ['', undefined],
    ['s', undefined],
    ['.5s', undefined],
    ['1', undefined],
    ['1m', undefined],
    [' 1s', undefined],
    ['1s ', undefined],
    ['-1s', undefined],
    ['1e3s', undefined],
    ['1.0000000001s', undefined],
    [{}, 0],
    [{ seconds: 2 }, 2000],
    [{ seconds: '2', nanos: 500_000_000 }, 2500],
    [{ seconds: 2n, nanos: 1 }, 2000.000001],
    [{ seconds: long(7), nanos: 0 }, 7000],
    [{ seconds: null, nanos: null }, 0],
    [{ seconds: -1 }, undefined],
    [{ seconds: 'x' }, undefined],
    [{ nanos: 'x' }, undefined],
    [{ seconds: {} }, undefined],
    [{ seconds: { toString: 1, valueOf: 1 } }, undefined],
    [5, undefined],
    [null, undefined],
    [undefined, undefined],
    [[], undefined],
  ])('reads %o as %s [fact 46]', (value, millis) => {
    expect(durationToMillis(value)).toBe(millis);
  });
});

describe('millisToDuration', () => {
  it.each([
    [0, '0s'],
    [1500, '1.5s'],
    [1, '0.001s'],
    [0.0001, '0.0000001s'],
    [60_000, '60s'],
    [1_000_000, '1000s'],
    [1e15, '1000000000000s'],
  ])('writes %d as %s', (millis, text) => {
    expect(millisToDuration(millis)).toBe(text);
  });

  it('writes what durationToMillis reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (millis) => {
        expect(durationToMillis(millisToDuration(millis))).toBeCloseTo(millis, 3);
      }),
    );
  });
});

describe('toNumber', () => {
  it.each<[unknown, number | undefined]>([
    [5, 5],
    [-0.5, -0.5],
    ['5', 5],
    ['12345678901', 12_345_678_901],
    [5n, 5],
    [long(5), 5],
    ['', undefined],
    [' ', undefined],
    ['five', undefined],
    ['Infinity', undefined],
    [Infinity, undefined],
    [Number.NaN, undefined],
    [true, undefined],
    [null, undefined],
    [[5], undefined],
    [{}, undefined],
    [{ toNumber: 5 }, undefined],
    [{ toNumber: () => 'x' }, undefined],
  ])('reads %o as %s [fact 46]', (value, number) => {
    expect(toNumber(value)).toBe(number);
  });
});
