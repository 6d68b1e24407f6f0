import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqual } from '../../src/core/values/equal.js';
import { hashOf } from '../../src/step/hash.js';
import { repeats } from '../support/repeats.js';

const value = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: false,
});

describe('the hash of a snapshot', () => {
  it('is the same for what `poll` takes for equal', () => {
    fc.assert(
      fc.property(fc.clone(value, 2), ([one, other]) => {
        expect(hashOf(one)).toBe(hashOf(other));
      }),
      { numRuns: repeats(2_000) },
    );
  });

  it('is another one for what says something else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(hashOf(one) === hashOf(other)).toBe(
          isEqual(one, other) || JSON.stringify(one) === JSON.stringify(other),
        );
      }),
      { numRuns: repeats(5_000) },
    );
  });

  it('does not depend on the order of fields', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: 3 } })).toBe(hashOf({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it.each<[string, unknown, unknown]>([
    ['a number and its text', 1, '1'],
    ['a bigint and a number', 1n, 1],
    ['nothing and null', undefined, null],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([2, 1])],
    ['bytes and a list', new Uint8Array([1]), [1]],
    ['dates', new Date(1), new Date(2)],
    ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
    ['one field and another', { ab: 'c' }, { a: 'bc' }],
    ['lists within lists', [[1], 2], [1, [2]]],
    ['a field that is there', { a: undefined }, {}],
  ])('tells apart: %s', (_, one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  it('stays the same in every version: it is stored', () => {
    expect(hashOf({ name: 'operations/1', done: false, metadata: { progressPercent: 40 } })).toBe(
      '1j5pxp7k2cd',
    );
  });

  it('is short, and takes circles, any depth and long lists', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(hashOf(circle)?.length).toBeLessThanOrEqual(11);
    const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(hashOf(deep(20_000))).toBe(hashOf(deep(20_000)));
    expect(hashOf(deep(20_000))).not.toBe(hashOf(deep(20_001)));
    expect(hashOf(Array.from({ length: 300_000 }, () => 1))).toBeDefined();
  });

  it('is not there for what cannot be read', () => {
    const throwing = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(hashOf(throwing)).toBeUndefined();
  });
});
