import { describe, expect, test } from 'vitest';

import { parsePointer, valueAt } from '../../src/cli/pointer.js';

// Source: RFC 6901, section 5.
const document: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
);

describe('a JSON pointer', () => {
  test.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j points at what the RFC says', (pointer, value) => {
    expect(valueAt(document, parsePointer(pointer))).toEqual(value);
  });

  test.each(['/foo/2', '/foo/-', '/foo/00', '/foo/length', '/bar', '/foo/0/0', '/toString', '//a'])(
    '%j points at nothing',
    (pointer) => {
      expect(valueAt(document, parsePointer(pointer))).toBeUndefined();
    },
  );

  test('~01 is ~1, not /', () => {
    expect(parsePointer('/~01')).toEqual(['~1']);
  });

  test.each([
    ['state', 'begins with /'],
    ['#/state', 'begins with /'],
    ['/a~', '~ is written ~0'],
    ['/a~2b', '~ is written ~0'],
  ])('%j is not one', (text, message) => {
    expect(() => parsePointer(text)).toThrow(RangeError);
    expect(() => parsePointer(text)).toThrow(message);
  });
});
