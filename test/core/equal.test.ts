import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqual } from '../../src/core/values/equal.js';
import { repeats } from '../support/repeats.js';

// What equality means for JSON, in the plainest words.
function isSameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSameJson(value, right.get(key)))
  );
}

function nested(levels: number, core: unknown): unknown {
  let value = core;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

class Message {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

describe('isEqual', () => {
  it('agrees with a plain comparison of JSON, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(isEqual(a, b)).toBe(isSameJson(a, b));
      }),
    );
  });

  it('agrees with a plain comparison of JSON that is nearly the same', () => {
    const small = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<unknown>(0, 1, '', 'a', null, true),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(isEqual(a, b)).toBe(isSameJson(a, b));
      }),
      { numRuns: repeats(1000) },
    );
  });

  it('knows a copy of anything', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(isEqual(value, structuredClone(value))).toBe(true);
      }),
    );
  });

  it('does not care who comes first', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
    });
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(isEqual(a, b)).toBe(isEqual(b, a));
      }),
    );
  });

  it.each<[unknown, unknown]>([
    [Number.NaN, Number.NaN],
    [5n, 5n],
    [{}, {}],
    [[], []],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: undefined }, { a: undefined }],
    [new Message({ a: 1 }), new Message({ a: 1 })],
    [Object.create(null), Object.create(null)],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Uint8Array(), new Uint8Array()],
    [new Uint8Array([0, 1, 2]).subarray(1), new Uint8Array([1, 2])],
    [new Float64Array([0.5]), new Float64Array([0.5])],
    [new DataView(new ArrayBuffer(2)), new DataView(new ArrayBuffer(2))],
    [new ArrayBuffer(3), new ArrayBuffer(3)],
    [new Date(5), new Date(5)],
    [new Date(Number.NaN), new Date(Number.NaN)],
    [new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])],
    [new Set(['a', 'b']), new Set(['a', 'b'])],
  ])('takes %o and %o for the same', (a, b) => {
    expect(isEqual(a, b)).toBe(true);
    expect(isEqual({ in: [a] }, { in: [b] })).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [0, -0],
    [1, '1'],
    [1, 1n],
    [null, undefined],
    [null, {}],
    [{}, null],
    [{}, 5],
    [5, {}],
    [{}, []],
    [[], {}],
    [[1], [1, 2]],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [{ toString: undefined }, { a: 1 }],
    [new Message(1), { value: 1 }],
    [new Message(1), new Message(2)],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Uint8Array([1]), new Uint8Array([1, 2])],
    [new Uint8Array([1, 2]), new Uint8Array([1])],
    [new Uint8Array([1]), new Int8Array([1])],
    [new Uint8Array([1]), [1]],
    [new Uint16Array([1]), new Uint16Array([256])],
    [new ArrayBuffer(3), new ArrayBuffer(4)],
    [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    [new Date(5), new Date(6)],
    [new Date(5), 5],
    [new Map([['a', 1]]), new Map([['a', 2]])],
    [new Map([['a', 1]]), new Map([['b', 1]])],
    [new Map(), new Set()],
    [new Set([1]), new Set([1, 2])],
    [() => 1, () => 1],
  ])('tells %o from %o', (a, b) => {
    expect(isEqual(a, b)).toBe(false);
    expect(isEqual({ in: [a] }, { in: [b] })).toBe(false);
  });

  it('takes 100,000 levels', () => {
    expect(isEqual(nested(100_000, 1), nested(100_000, 1))).toBe(true);
    expect(isEqual(nested(100_000, 1), nested(100_000, 2))).toBe(false);
  });

  it('takes circles', () => {
    const circle = (depth: number, end: unknown): object => {
      const first: { next?: unknown; end?: unknown } = {};
      let last = first;
      for (let index = 1; index < depth; index += 1) last = last.next = {};
      last.next = first;
      last.end = end;
      return first;
    };
    expect(isEqual(circle(3, 1), circle(3, 1))).toBe(true);
    expect(isEqual(circle(3, 1), circle(3, 2))).toBe(false);
  });

  it('comes to an end with circles of different lengths', () => {
    const once: { self?: object } = {};
    once.self = once;
    const twice: { self?: object } = { self: { self: undefined as unknown as object } };
    (twice.self as { self: object }).self = twice;
    expect(isEqual(once, twice)).toBe(true);
    expect(isEqual(twice, once)).toBe(true);
  });

  it('compares what is shared only once', () => {
    const shared = (): unknown => {
      let value: unknown = { end: true };
      for (let level = 0; level < 60; level += 1) value = [value, value];
      return value;
    };
    expect(isEqual(shared(), shared())).toBe(true);
  });

  it('takes for another what cannot be read', () => {
    const unreadable = (): object => ({
      get value(): number {
        throw new Error('no');
      },
    });
    expect(isEqual(unreadable(), unreadable())).toBe(false);
    const same = unreadable();
    expect(isEqual(same, same)).toBe(true);
  });
});
