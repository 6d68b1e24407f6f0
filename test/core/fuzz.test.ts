import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  ProtocolError,
  findDetail,
  isStatusError,
  progressOf,
  statusFrom,
  type Operation,
} from 'rx-lro';
import { decodePage } from '../../src/core/answer/page.js';
import { decodeOperation, isErrorEnvelope } from '../../src/core/answer/decode.js';
import { retryDelayOf } from '../../src/core/status/details.js';
import { isEqual } from '../../src/core/values/equal.js';
import { toJsonValue } from '../../src/core/values/json.js';
import { repeats } from '../support/repeats.js';

// The names of all fields that are looked at anywhere: values under other names are hardly ever read.
const field = fc.constantFrom(
  ...[
    'name',
    'done',
    'metadata',
    'error',
    'response',
    'operations',
    'nextPageToken',
    'unreachable',
  ],
  ...[
    'code',
    'message',
    'status',
    'details',
    'errors',
    'cause',
    'body',
    'data',
    'result',
    'ok',
    'json',
  ],
  ...[
    'statusCode',
    'statusDetails',
    'statusText',
    'rawMessage',
    'reason',
    'domain',
    'toNumber',
    'toJSON',
  ],
  ...['progress', 'progressPercent', 'percentDone', 'stages', 'totalWorkUnits', 'completedWork'],
  ...['@type', '$type', 'fullName', 'retryDelay', 'seconds', 'nanos', '__proto__', 'constructor'],
);

const word = fc.constantFrom(
  ...[
    '',
    'operations/1',
    'NOT_FOUND',
    'not_found',
    'AbortError',
    'fetch failed',
    'ECONNRESET',
    '5',
    '1.5s',
  ],
  ...[
    'type.googleapis.com/google.rpc.RetryInfo',
    '{"error":{"code":404}}',
    '[{"code":5}]',
    '\uD800',
  ],
);

function thrower(): never {
  throw new Error('It was read.');
}

function throwingGetter(key: string): object {
  return Object.defineProperty({}, key, { get: thrower, enumerable: true });
}

function circle(key: string): object {
  const value: Record<string, unknown> = {};
  Object.defineProperty(value, key, { value, enumerable: true });
  return value;
}

const hostile = fc.oneof(
  field.map(throwingGetter),
  field.map(circle),
  field.map((key) => Object.assign(new Error('m'), { self: circle(key) })),
  fc.constantFrom(
    new Proxy({}, { get: thrower }),
    new Proxy({}, { ownKeys: thrower }),
    new Proxy({}, { getPrototypeOf: thrower }),
    new Proxy([], { get: thrower }),
    new Proxy(() => 1, { get: thrower }),
    // A proxy that was revoked cannot be drawn: fast-check looks into what it draws.
    new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
    Object.create(null) as object,
    { toString: 1, valueOf: 1 },
    { toString: thrower, valueOf: thrower, toJSON: thrower, toNumber: thrower },
  ),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    word,
    fc.constantFrom<unknown>(0, 1, 5, 14, 200, 404, 503, -1, 1.5, true, false, null, undefined, 5n),
    fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      maxDepth: 2,
    }),
    hostile,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(field, tie('value'), { maxKeys: 5 }),
    fc
      .tuple(fc.boolean(), fc.dictionary(field, tie('value'), { maxKeys: 5 }))
      .map(([isPlain, fields]) =>
        Object.defineProperties(
          isPlain ? new Error('m') : new AggregateError([], 'm'),
          Object.getOwnPropertyDescriptors(fields),
        ),
      ),
  ),
}));

// An answer that has as good a chance to be taken as to be refused.
const likely = fc
  .dictionary(field, value, { maxKeys: 6, noNullPrototype: true })
  .chain((fields) =>
    fc.constantFrom(
      fields,
      { ...fields, name: 'operations/1' },
      { ...fields, name: 'operations/1', done: true },
      { done: true, error: fields },
      { name: 'operations/1', metadata: fields },
      { error: fields },
      { operations: [fields] },
      [fields],
    ),
  );
const anything = fc.oneof(value, fc.jsonValue(), likely);
const runs = { numRuns: repeats(1500) };

function expectOperation(operation: Operation): void {
  expect(Object.isFrozen(operation)).toBe(true);
  expect(typeof operation.name).toBe('string');
  expect(typeof operation.done).toBe('boolean');
  if ('error' in operation || 'response' in operation) expect(operation.done).toBe(true);
  expect('error' in operation && 'response' in operation).toBe(false);
  if (operation.error !== undefined) expect(operation.error.code).not.toBe(0);
  for (const key of ['metadata', 'response', 'error'] as const) {
    if (key in operation) expect(operation[key] ?? undefined).toBeDefined();
  }
}

// Runs it, and passes a ProtocolError as undefined; any other error fails the test.
function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

describe('whatever it is fed,', () => {
  it('statusFrom gives an integer, a text and a list', () => {
    const http = fc.option(fc.oneof(fc.constantFrom(200, 404, 503), fc.integer()), {
      nil: undefined,
    });
    fc.assert(
      fc.property(anything, http, (each, httpStatus) => {
        const status = statusFrom(each, httpStatus);
        expect(Object.keys(status)).toEqual(['code', 'message', 'details']);
        expect(Number.isInteger(status.code)).toBe(true);
        expect(typeof status.message).toBe('string');
        expect(Array.isArray(status.details)).toBe(true);
      }),
      runs,
    );
  });

  it('decodeOperation gives an operation or a ProtocolError', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(anything, fc.constantFrom(undefined, 'operations/2'), (answer, name) => {
        const operation = unlessRefused(() => decodeOperation(answer, name));
        if (operation === undefined) {
          refused += 1;
        } else {
          taken += 1;
          expectOperation(operation);
        }
      }),
      runs,
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(repeats(50));
  });

  it('decodePage gives a page or a ProtocolError', () => {
    const json = fc.oneof(word, fc.jsonValue({ maxDepth: 2 }));
    const operation = fc.dictionary(field, json, { maxKeys: 5 });
    const page = fc.record(
      {
        operations: fc.oneof(json, fc.array(fc.oneof(json, operation), { maxLength: 3 })),
        nextPageToken: json,
        unreachable: fc.oneof(fc.string(), fc.array(fc.oneof(fc.string(), fc.integer()))),
      },
      { requiredKeys: [] },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(json, page), (answer) => {
        const read = unlessRefused(() => decodePage(answer, 'projects/p'));
        if (read === undefined) return;
        taken += 1;
        for (const each of read.operations) expectOperation(each);
        expect(read.nextPageToken).not.toBe('');
        for (const place of read.unreachable) expect(typeof place).toBe('string');
      }),
      runs,
    );
    expect(taken).toBeGreaterThan(repeats(50));
  });

  it('isErrorEnvelope says yes or no to JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        expect([true, false]).toContain(isErrorEnvelope(answer));
      }),
    );
  });

  it('progressOf gives undefined or 0 to 1', () => {
    fc.assert(
      fc.property(anything, (metadata) => {
        const progress = progressOf({ name: 'operations/1', metadata }) ?? 0;
        expect(progress).toBeGreaterThanOrEqual(0);
        expect(progress).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });

  it('isEqual says yes or no, and yes to the very same', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(isEqual(a, a)).toBe(true);
        expect(isEqual(a, b)).toBe(isEqual(b, a));
      }),
      runs,
    );
  });

  it('toJsonValue gives what JSON.stringify can write', () => {
    fc.assert(
      fc.property(anything, (each) => {
        const text = JSON.stringify({ each: toJsonValue(each) });
        expect(typeof JSON.parse(text)).toBe('object');
      }),
      runs,
    );
  });

  it('toJsonValue keeps JSON as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (json) => {
        expect(JSON.stringify(toJsonValue(json))).toBe(JSON.stringify(json));
      }),
    );
  });

  it('findDetail and retryDelayOf read the details of JSON', () => {
    const detail = fc.dictionary(field, fc.oneof(word, fc.jsonValue()), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), detail)), (details) => {
        const found = findDetail({ details }, 'google.rpc.RetryInfo');
        if (found !== undefined) expect(details).toContain(found);
        expect(retryDelayOf({ details }) ?? 0).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it('an error can be made of it, told by its class, and written as JSON', () => {
    fc.assert(
      fc.property(anything, (thrown) => {
        const error = new CallFailedError({
          method: 'get',
          status: statusFrom(thrown),
          cause: thrown,
        });
        expect(isStatusError(error)).toBe(true);
        expect(error).toBeInstanceOf(CallFailedError);
        expect(isStatusError(thrown)).toBe(false);
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({
          kind: 'call-failed',
          code: error.code,
        });
      }),
      runs,
    );
  });
});
