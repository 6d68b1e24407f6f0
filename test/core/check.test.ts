import { describe, expect, it } from 'vitest';
import {
  checkFunction,
  checkNumber,
  checkObject,
  checkWord,
  wrongType,
} from '../../src/core/values/check.js';

describe('checkNumber', () => {
  it.each([
    [1, { min: 1 }],
    [1.5, { min: 1 }],
    [Number.MAX_VALUE, { min: 0 }],
    [Infinity, { min: 0, infinite: true }],
    [3, { min: 0, whole: true }],
    [Infinity, { min: 0, whole: true, infinite: true }],
    [-1, { min: -1 }],
  ])('takes %d for %j', (value, limits) => {
    expect(() => checkNumber('x', value, limits)).not.toThrow();
  });

  it.each([
    [0, { min: 1 }, 'Option `x.y` must be a finite number >= 1; it is 0.'],
    [
      0.5,
      { min: 1, infinite: true },
      'Option `x.y` must be a number >= 1, or Infinity; it is 0.5.',
    ],
    [Number.NaN, { min: 0 }, 'Option `x.y` must be a finite number >= 0; it is NaN.'],
    [
      Number.NaN,
      { min: 0, infinite: true },
      'Option `x.y` must be a number >= 0, or Infinity; it is NaN.',
    ],
    [Infinity, { min: 0 }, 'Option `x.y` must be a finite number >= 0; it is Infinity.'],
    [
      -Infinity,
      { min: 0, infinite: true },
      'Option `x.y` must be a number >= 0, or Infinity; it is -Infinity.',
    ],
    [1.5, { min: 1, whole: true }, 'Option `x.y` must be a whole number >= 1; it is 1.5.'],
    [
      Infinity,
      { min: 1, whole: true },
      'Option `x.y` must be a whole number >= 1; it is Infinity.',
    ],
    [
      0,
      { min: 1, whole: true, infinite: true },
      'Option `x.y` must be a whole number >= 1, or Infinity; it is 0.',
    ],
  ])('refuses %d for %j, and names option and value', (value, limits, message) => {
    expect(() => checkNumber('x.y', value, limits)).toThrow(new RangeError(message));
  });

  it.each<[unknown, string]>([
    ['5', '"5"'],
    ['a "b"', '"a \\"b\\""'],
    [5n, '5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [[5], 'a list'],
    [{}, 'an object'],
    [() => 5, 'a function'],
  ])('refuses %o, which is no number', (value, shown) => {
    expect(() => checkNumber('x', value, { min: 0 })).toThrow(
      new TypeError(`Option \`x\` must be a number; it is ${shown}.`),
    );
  });
});

describe('checkWord', () => {
  it('takes one of the words', () => {
    expect(() => checkWord('x', 'full', ['none', 'full'])).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['Full', '"Full"'],
    ['', '""'],
    [undefined, 'undefined'],
    [['full'], 'a list'],
  ])('refuses %o, and names option, words and value', (value, shown) => {
    expect(() => checkWord('x', value, ['none', 'full'])).toThrow(
      new RangeError(`Option \`x\` must be 'none' or 'full'; it is ${shown}.`),
    );
  });
});

describe('checkFunction', () => {
  it('takes functions and classes', () => {
    expect(() => checkFunction('x', () => 1)).not.toThrow();
    expect(() => checkFunction('x', Map)).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{}, 'an object'],
    ['f', '"f"'],
    [null, 'null'],
  ])('refuses %o', (value, shown) => {
    expect(() => checkFunction('x', value)).toThrow(
      new TypeError(`Option \`x\` must be a function; it is ${shown}.`),
    );
  });
});

describe('checkObject', () => {
  it('takes an object that has the methods, its own or inherited', () => {
    class Clock {
      now(): number {
        return 0;
      }
    }
    expect(() => checkObject('x', {})).not.toThrow();
    expect(() => checkObject('x', new Clock(), ['now'])).not.toThrow();
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'undefined'],
    ['text', '"text"'],
    [() => 1, 'a function'],
  ])('refuses %o', (value, shown) => {
    expect(() => checkObject('x', value)).toThrow(
      new TypeError(`Option \`x\` must be an object; it is ${shown}.`),
    );
  });

  it('names the first method that is missing', () => {
    const clock = { now: () => 0, schedule: 5 };
    expect(() => checkObject('x', clock, ['now', 'schedule', 'end'])).toThrow(
      new TypeError('Option `x` must have a method `schedule`.'),
    );
  });
});

describe('wrongType', () => {
  it('is a TypeError that names option, what is wanted and value', () => {
    expect(wrongType('x', [], 'a function or a Standard Schema')).toEqual(
      new TypeError('Option `x` must be a function or a Standard Schema; it is a list.'),
    );
  });
});
