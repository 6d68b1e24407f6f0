import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Decoder, StandardSchema } from 'rx-lro';
import { decodeWith, isPromiseLike, isStandardSchema } from '../../src/core/answer/decoder.js';

type SchemaResult<Output> = Awaited<ReturnType<StandardSchema<Output>['~standard']['validate']>>;

const cat = { '@type': 'type.googleapis.com/zoo.v1.Cat', lives: 9, extra: true };

function schemaOf<Output>(
  validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>,
): StandardSchema<Output> {
  return { '~standard': { version: 1, validate } };
}

// A schema that can be called, as those of arktype can.
function callable(): StandardSchema<number> & ((value: unknown) => unknown) {
  const validate = (value: unknown): SchemaResult<number> =>
    typeof value === 'number'
      ? { value }
      : { issues: [{ message: `must be a number (was ${typeof value})` }] };
  return Object.assign(() => 'called', { '~standard': { version: 1, validate } } as const);
}

describe('a function', () => {
  it('is given the value, and gives what it returns', () => {
    const decoder = (value: unknown): unknown => ({ value });
    expect(decodeWith(decoder, cat)).toEqual({ value: cat });
    expect(decodeWith(decoder, undefined)).toEqual({ value: undefined });
  });

  it('throws what it throws', () => {
    const error = new Error('no cat');
    const decoder: Decoder<never> = () => {
      throw error;
    };
    expect(() => decodeWith(decoder, cat)).toThrow(error);
  });

  it('may answer with a promise', async () => {
    const error = new Error('no cat');
    expect(await decodeWith(() => Promise.resolve(9), cat)).toBe(9);
    await expect(decodeWith(() => Promise.reject(error), cat)).rejects.toBe(error);
  });
});

describe.each<[string, Decoder<{ lives: number }>, Decoder<{ lives: number }>, RegExp]>([
  [
    'zod',
    z.object({ lives: z.number() }),
    z.object({ lives: z.number().refine(async (lives) => lives > 0, 'too few') }),
    /^lives: Invalid input: expected number, received string$/,
  ],
  [
    'valibot',
    v.object({ lives: v.number() }),
    v.objectAsync({
      lives: v.pipeAsync(
        v.number(),
        v.checkAsync(async (lives) => lives > 0, 'too few'),
      ),
    }),
    /^lives: Invalid type: Expected number but received "nine"$/,
  ],
])('a schema of %s', (_, sync, async, complaint) => {
  it('gives what it makes of the value', () => {
    expect(decodeWith(sync, cat)).toEqual({ lives: 9 });
  });

  it('throws a DecodeError that says where and what is wrong', () => {
    const decode = (): unknown => decodeWith(sync, { lives: 'nine' });
    expect(decode).toThrow(expect.objectContaining({ name: 'DecodeError' }));
    expect(decode).toThrow(complaint);
  });

  it('may take its time', async () => {
    expect(await decodeWith(async, cat)).toEqual({ lives: 9 });
    await expect(decodeWith(async, { lives: 0 })).rejects.toThrow('lives: too few');
    await expect(decodeWith(async, { lives: 0 })).rejects.toMatchObject({
      name: 'DecodeError',
    });
  });
});

describe('a Standard Schema', () => {
  it('may be a function too, and is not called as one', () => {
    expect(decodeWith(callable(), 9)).toBe(9);
    expect(() => decodeWith(callable(), '9')).toThrow('must be a number (was string)');
  });

  it('may give undefined for a value', () => {
    expect(
      decodeWith(
        schemaOf(() => ({ value: undefined })),
        5,
      ),
    ).toBeUndefined();
  });

  it('is called as a method of its own', () => {
    const schema = {
      '~standard': {
        version: 1,
        limit: 5,
        validate(value: unknown): SchemaResult<unknown> {
          return { value: [value, this.limit] };
        },
      },
    } as const;
    expect(decodeWith(schema, 1)).toEqual([1, 5]);
  });

  it('throws or rejects with what it throws or rejects with', async () => {
    const error = new Error('broken schema');
    const throws = schemaOf(() => {
      throw error;
    });
    expect(() => decodeWith(throws, 1)).toThrow(error);
    await expect(
      decodeWith(
        schemaOf(() => Promise.reject(error)),
        1,
      ),
    ).rejects.toBe(error);
  });

  it.each<
    [
      string,
      readonly { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] }[],
      string,
    ]
  >([
    ['one', [{ message: 'bad' }], 'bad'],
    ['one with an empty path', [{ message: 'bad', path: [] }], 'bad'],
    ['one with a path', [{ message: 'bad', path: ['a', 0, { key: 'b' }] }], 'a.0.b: bad'],
    [
      'one at a symbol',
      [{ message: 'bad', path: [Symbol('s'), { key: Symbol('t') }] }],
      'Symbol(s).Symbol(t): bad',
    ],
    ['two', [{ message: 'bad', path: ['a'] }, { message: 'worse' }], 'a: bad; worse'],
    ['none, in a list all the same', [], 'the schema does not take it'],
  ])('has issues told in the message of the error: %s', (_, issues, message) => {
    const schema = schemaOf(() => ({ issues }));
    let thrown: unknown;
    try {
      decodeWith(schema, 1);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ name: 'DecodeError', message });
    expect((thrown as { readonly issues: unknown }).issues).toBe(issues);
  });
});

describe('isStandardSchema', () => {
  it.each<[unknown, boolean]>([
    [z.string(), true],
    [v.string(), true],
    [callable(), true],
    [{ '~standard': {} }, true],
    [{ '~standard': null }, false],
    [{ '~standard': 'v1' }, false],
    [{}, false],
    [() => 1, false],
    [null, false],
    [undefined, false],
    ['~standard', false],
    [5, false],
  ])('says of %o: %s', (value, is) => {
    expect(isStandardSchema(value)).toBe(is);
  });
});

describe('isPromiseLike', () => {
  const having = (key: string, value: unknown): object => ({ [key]: value });

  it.each<[unknown, boolean]>([
    [Promise.resolve(), true],
    [having('then', () => 1), true],
    [having('then', 1), false],
    [{}, false],
    [null, false],
    [undefined, false],
    ['then', false],
  ])('says of %o: %s', (value, is) => {
    expect(isPromiseLike(value)).toBe(is);
  });
});
