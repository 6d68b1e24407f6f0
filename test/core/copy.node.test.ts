import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';
import { copyOf } from '../../src/core/values/copy.js';

it('copies a Buffer as a Buffer, out of the pool that it shares with others', () => {
  const buffer = Buffer.from('text');
  const copy = copyOf({ buffer }).buffer;
  buffer[0] = 0;
  expect(Buffer.isBuffer(copy)).toBe(true);
  expect(copy.toString()).toBe('text');
  expect(copy.buffer.byteLength).toBe(4);
});

it('copies plain objects and arrays of another realm, as a test runner has them', () => {
  const value = runInNewContext('({ list: [{ a: 1 }] })') as { list: { a: number }[] };
  const copy = copyOf(value);
  value.list[0]!.a = 2;
  value.list.push({ a: 3 });
  expect(JSON.stringify(copy)).toBe('{"list":[{"a":1}]}');
});
