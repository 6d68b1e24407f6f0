import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readValue, storeValue } from '../../src/engines/bullmq/stored-value.js';

function throughJson(value: unknown): unknown {
  return readValue(JSON.parse(JSON.stringify(storeValue(value, 'value'))));
}

test('JSON, bytes and bigints come back as they were', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.bigInt(),
    fc.uint8Array(),
  );
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('$bigint', '$bytes', '$text', '$plain', '__proto__'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      expect(throughJson(given)).toEqual(given);
    }),
  );
});

test('what looks like a tag stays what it was', () => {
  const given = [
    { $bigint: '1' },
    { $bytes: 'AA==' },
    { $plain: { $bigint: '1' } },
    { $bytes: 1, a: 2 },
  ];
  expect(throughJson(given)).toEqual(given);
});

test('texts that PostgreSQL does not keep are tagged, and come back', () => {
  const given = { a: 'a\u0000b', high: '\uD83D', low: '\uDE00', pair: '😀' };
  const text = JSON.stringify(storeValue(given, 'value'));
  expect(text).not.toMatch(/(?<!\\)\\u0000|(?<!\\)\\ud/i);
  expect(throughJson(given)).toEqual(given);
});

test('large bytes come back', () => {
  const bytes = new Uint8Array(300_000).map((_, index) => index % 256);
  expect(throughJson({ bytes })).toEqual({ bytes });
});

test('a field that is undefined counts as absent', () => {
  expect(throughJson({ a: undefined, b: 1 })).toEqual({ b: 1 });
});

test('an object of a class counts as its fields, if it has no methods or says how to make JSON of it', () => {
  class Point {
    readonly x = 1;
  }
  // As protobufjs makes messages.
  class Message {
    readonly typeUrl = 'type.googleapis.com/a.B';
    readonly value = new Uint8Array([1, 2]);
    toJSON(): unknown {
      return { typeUrl: this.typeUrl, value: 'AQI=' };
    }
  }
  expect(throughJson({ point: new Point(), message: new Message() })).toEqual({
    point: { x: 1 },
    message: { typeUrl: 'type.googleapis.com/a.B', value: new Uint8Array([1, 2]) },
  });
  expect(throughJson(Object.assign(Object.create(null) as object, { a: 1 }))).toEqual({ a: 1 });
});

test.each([
  ['a Date', { when: new Date() }, '`value.when` is a Date'],
  ['a Map', { map: new Map() }, '`value.map` is a Map'],
  ['a Set', [new Set()], '`value[0]` is a Set'],
  ['a URL', { a: { b: new URL('https://a.example') } }, '`value.a.b` is a URL'],
  ['a function', { run: () => 1 }, '`value.run` is of the type function'],
  ['a symbol', { key: Symbol('a') }, '`value.key` is of the type symbol'],
  ['undefined in a list', [1, undefined], '`value[1]` is of the type undefined'],
  ['NaN', { n: NaN }, '`value.n` is NaN'],
  ['Infinity', { n: -Infinity }, '`value.n` is -Infinity'],
  [
    'an object with methods',
    {
      money: new (class Money {
        add(): void {
          throw new Error('never');
        }
      })(),
    },
    '`value.money` is a Money',
  ],
])('%s is refused, with its place and what to do', (_, value, message) => {
  expect(() => storeValue(value, 'value')).toThrow(TypeError);
  expect(() => storeValue(value, 'value')).toThrow(message);
  expect(() => storeValue(value, 'value')).toThrow('which JSON cannot hold. Plain objects, ');
});

test('an object that contains itself is refused', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => storeValue(circle, 'value')).toThrow('`value.self` contains itself');
});
