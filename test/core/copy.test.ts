import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf } from '../../src/core/values/copy.js';
import { isEqual } from '../../src/core/values/equal.js';

/** All objects that can be reached from a value. */
function objectsIn(value: unknown): ReadonlySet<object> {
  const found = new Set<object>();
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null || found.has(next)) continue;
    found.add(next);
    if (next instanceof Map || next instanceof Set) pending.push(...(next as Iterable<unknown>));
    else if (!ArrayBuffer.isView(next)) pending.push(...(Object.values(next) as unknown[]));
  }
  return found;
}

class Message {
  value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

class SubMessage extends Message {}

class Counter {
  count = 1;
  readonly #step = 1;

  next(): number {
    this.count += this.#step;
    return this.count;
  }
}

class Ratio {
  part = 1;

  get percent(): number {
    return this.part * 100;
  }
}

class SubCounter extends Counter {}

class List extends Array<number> {}

describe('copyOf', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
  });

  it('gives a value that is equal', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const copy = copyOf(value);
        expect(copy).toStrictEqual(value);
        expect(isEqual(copy, value)).toBe(true);
      }),
    );
  });

  it('shares no object with the original', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const originals = objectsIn(value);
        expect([...objectsIn(copyOf(value))].filter((each) => originals.has(each))).toEqual([]);
      }),
    );
  });

  it('keeps what is shared and what goes in circles as it was', () => {
    const shared = { a: 1 };
    const value: { one: object; two: object; self?: object; list: unknown[] } = {
      one: shared,
      two: shared,
      list: [],
    };
    value.self = value;
    value.list.push(value.list, value);
    const copy = copyOf(value);
    expect(copy.one).not.toBe(shared);
    expect(copy.two).toBe(copy.one);
    expect(copy.self).toBe(copy);
    expect(copy.list[0]).toBe(copy.list);
    expect(copy.list[1]).toBe(copy);
  });

  it('takes 100,000 levels', () => {
    const core = { end: 1 };
    let value: unknown = core;
    for (let level = 0; level < 100_000; level += 1) value = level % 2 === 0 ? [value] : { value };
    const copy = copyOf(value);
    core.end = 2;
    expect(isEqual(copy, value)).toBe(false);
    core.end = 1;
    expect(isEqual(copy, value)).toBe(true);
  });

  it('copies what is shared only once', () => {
    let value: unknown = { end: true };
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expect(isEqual(copyOf(value), value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a class without methods', new Message({ a: 1 })],
    ['a class that extends one', new SubMessage({ a: 1 })],
    ['no prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['a Date', new Date(5)],
    ['a Map', new Map([[{ key: 1 }, { a: 1 }]])],
    ['a Set', new Set([{ a: 1 }])],
    ['a Uint8Array', new Uint8Array([1, 2])],
    ['a Float64Array', new Float64Array([0.5])],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer],
  ])('keeps the class of an object that it copies: %s', (_, value) => {
    const copy = copyOf({ value }).value;
    expect(copy).not.toBe(value);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(value));
    expect(isEqual(copy, value)).toBe(true);
  });

  it('copies no more of a buffer than what a view shows of it', () => {
    const bytes = new Uint8Array(1000).subarray(10, 12);
    const copy = copyOf({ bytes });
    expect(copy.bytes.buffer.byteLength).toBe(2);
    bytes[0] = 1;
    expect(copy.bytes[0]).toBe(0);
  });

  it('keeps a field that is called `__proto__` a field', () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "b": 2}');
    const copy = copyOf(value);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
  });

  it('reads a getter of a plain object once and keeps its value', () => {
    let percent = 1;
    const copy = copyOf({
      get percent(): number {
        return percent;
      },
    });
    percent = 2;
    expect(copy.percent).toBe(1);
  });

  it.each<[string, object]>([
    ['a class with a method', new Counter()],
    ['a class with a getter', new Ratio()],
    ['a class that extends one with a method', new SubCounter()],
    ['a prototype with defaults', Object.assign(Object.create({ b: 0 }) as object, { a: 1 })],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)],
    ['a subclass of Array', List.from([1])],
    ['a subclass of Map', new (class extends Map {})()],
    ['an Error', new Error('x')],
    ['a RegExp', /x/],
    ['a Promise', Promise.resolve()],
    ['a URL', new URL('https://example.com')],
    ['Headers', new Headers()],
    ['a WeakMap', new WeakMap()],
    ['a number object', Object(1) as object],
  ])('leaves an object of %s as it is, since a copy might not work', (_, value) => {
    expect(copyOf(value)).toBe(value);
    expect(copyOf([{ value }])[0]?.value).toBe(value);
  });

  it('leaves functions and simple values as they are', () => {
    for (const value of [() => 1, Symbol('x'), 5n, 'x', 0, true, null, undefined]) {
      expect(copyOf(value)).toBe(value);
      expect(copyOf({ value }).value).toBe(value);
    }
  });

  it('leaves as it is what cannot be read', () => {
    const unreadable = {
      get value(): number {
        throw new Error('no');
      },
    };
    const live = { a: 1 };
    const copy = copyOf({ unreadable, live });
    expect(copy.unreadable).toBe(unreadable);
    expect(copy.live).not.toBe(live);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(copyOf(proxy)).toBe(proxy);
  });

  it('changes nothing of the original, frozen or not', () => {
    const value = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    const copy = copyOf(value);
    expect(copy).toEqual(value);
    expect(Object.isFrozen(copy)).toBe(false);
    expect(Object.isFrozen(copyOf({ a: 1 }))).toBe(false);
  });
});
