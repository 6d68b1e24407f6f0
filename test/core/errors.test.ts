import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  ProtocolError,
  StatusError,
  WaitTimeoutError,
  isStatusError,
  type Operation,
  type Status,
} from 'rx-lro';

const name = 'operations/1';
const operation: Operation = { name, done: false, metadata: { progressPercent: 40 } };
const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' }];
const unavailable: Status = { code: 14, message: 'try later', details };

function failed(status: Partial<Status>): OperationFailedError {
  const error: Status = { code: 9, message: '', details: [], ...status };
  return new OperationFailedError({ operation: { name, done: true, error } });
}

function called(code: number, options: object = {}): CallFailedError {
  const status = { code, message: 'It said so.', details: [] };
  return new CallFailedError({ method: 'get', operationName: name, status, ...options });
}

const examples: Readonly<Record<StatusError['kind'], StatusError>> = {
  'operation-failed': failed({ message: 'no space', details }),
  'call-failed': new CallFailedError({
    method: 'get',
    status: unavailable,
    operation,
    attempts: 3,
  }),
  'wait-timeout': new WaitTimeoutError({ timeout: 500, operation }),
  'cancel-not-confirmed': new CancelNotConfirmedError({ cancelTimeout: 30_000, operation }),
  protocol: new ProtocolError({ problem: 'is not an operation', answer: 'html', operation }),
};
const all = Object.entries(examples) as [StatusError['kind'], StatusError][];

describe('the message of an OperationFailedError', () => {
  it.each([
    [
      { message: 'no space' },
      `Operation ${name} failed: FAILED_PRECONDITION (9): no space. It has ended; fix the cause, then start it again.`,
    ],
    [
      { message: 'No space!' },
      `Operation ${name} failed: FAILED_PRECONDITION (9): No space! It has ended; fix the cause, then start it again.`,
    ],
    [
      { message: 'Why?' },
      `Operation ${name} failed: FAILED_PRECONDITION (9): Why? It has ended; fix the cause, then start it again.`,
    ],
    [
      { message: 'And so on…' },
      `Operation ${name} failed: FAILED_PRECONDITION (9): And so on… It has ended; fix the cause, then start it again.`,
    ],
    [
      { message: '' },
      `Operation ${name} failed: FAILED_PRECONDITION (9). It has ended; fix the cause, then start it again.`,
    ],
    [
      { code: 99, message: 'new' },
      `Operation ${name} failed: UNKNOWN (99): new. It has ended; fix the cause, then start it again.`,
    ],
    [
      { code: 1, message: 'as asked' },
      `Operation ${name} was cancelled: CANCELLED (1): as asked. It has ended; start it again if it is still wanted.`,
    ],
    [
      { code: 10, message: 'preempted' },
      `Operation ${name} failed: ABORTED (10): preempted. It has ended; start it again if it is still wanted.`,
    ],
  ])('of %j says which, what and what to do [fact 10]', (status, message) => {
    expect(failed(status).message).toBe(message);
  });

  it('does without a name [fact 6]', () => {
    const error = { code: 5, message: 'gone', details: [] };
    expect(new OperationFailedError({ operation: { name: '', done: true, error } }).message).toBe(
      'The operation failed: NOT_FOUND (5): gone. It has ended; fix the cause, then start it again.',
    );
  });
});

describe('the message of a CallFailedError', () => {
  const mayHaveBegun = 'It may have begun: check before you start it again.';
  const runningOn = 'The operation may still be running; its name is enough to resume.';

  it.each<[number, string, string]>([
    [1, 'CANCELLED (1)', 'The call was broken off; the operation may still be running.'],
    [2, 'UNKNOWN (2)', runningOn],
    [3, 'INVALID_ARGUMENT (3)', 'The name or the request may be wrong.'],
    [5, 'NOT_FOUND (5)', 'The name may be wrong, or the server has forgotten the operation since.'],
    [7, 'PERMISSION_DENIED (7)', 'With other credentials, its name is enough to resume.'],
    [12, 'UNIMPLEMENTED (12)', 'This service or client does not offer the method.'],
    [14, 'UNAVAILABLE (14)', runningOn],
    [16, 'UNAUTHENTICATED (16)', 'With other credentials, its name is enough to resume.'],
    [99, 'UNKNOWN (99)', runningOn],
  ])(
    'with code %i says what is known of the operation [fact 11] [pain 9]',
    (code, shown, advice) => {
      expect(called(code).message).toBe(
        `Operation ${name}: the get call failed: ${shown}: It said so. ${advice}`,
      );
    },
  );

  it('says how often it was tried', () => {
    expect(called(14, { attempts: 50 }).message).toContain('the get call failed, tried 50 times: ');
    expect(called(14, { attempts: 1 }).message).toContain('the get call failed: ');
    expect(called(14).attempts).toBe(1);
    expect(called(14, { attempts: 50 })).toMatchObject({ attempts: 50, method: 'get' });
  });

  it('names the operation, as well as it is known', () => {
    const start = { method: 'start', status: unavailable } as const;
    expect(new CallFailedError(start).message).toMatch(/^The start call failed: /);
    expect(new CallFailedError({ ...start, url: 'https://a.example/films' }).message).toMatch(
      /^The start call to https:\/\/a\.example\/films failed: /,
    );
    expect(new CallFailedError({ ...start, operation }).message).toMatch(
      /^Operation operations\/1: /,
    );
    expect(called(14, { operation: { name: 'operations/2', done: false } }).message).toMatch(
      /^Operation operations\/1: /,
    );
  });

  it.each([
    [Code.INVALID_ARGUMENT, 'Nothing was started.'],
    [Code.NOT_FOUND, 'Nothing was started.'],
    [Code.PERMISSION_DENIED, 'Nothing was started.'],
    [Code.RESOURCE_EXHAUSTED, 'Nothing was started.'],
    [Code.UNIMPLEMENTED, 'Nothing was started.'],
    [Code.UNAUTHENTICATED, 'Nothing was started.'],
    [Code.CANCELLED, /the operation may still be running\.$/],
    [Code.UNKNOWN, mayHaveBegun],
    [Code.DEADLINE_EXCEEDED, mayHaveBegun],
    [Code.ALREADY_EXISTS, mayHaveBegun],
    [Code.ABORTED, mayHaveBegun],
    [Code.INTERNAL, mayHaveBegun],
    [Code.UNAVAILABLE, mayHaveBegun],
    [Code.FAILED_PRECONDITION, /an address, a certificate or a size limit\.$/],
  ])('says of a start call whether an operation may have begun: %i', (code, hint) => {
    const status = { code, message: 'It said so.', details: [] };
    const { message } = new CallFailedError({ method: 'start', status });
    expect(message.slice(message.indexOf('so.') + 4)).toMatch(hint);
    expect(message).not.toMatch(/\blist\b/);
  });

  it('names the parent of a list', () => {
    expect(called(14, { method: 'list', operationName: 'projects/p' }).message).toMatch(
      /^Listing the operations of projects\/p: the list call failed: /,
    );
    expect(called(14, { method: 'list', operationName: '' }).message).toMatch(
      /^Listing the operations of all parents: the list call failed: /,
    );
  });
});

describe('the message of a WaitTimeoutError', () => {
  it('says that the operation goes on [pain 4] [pain 5] [polling 11]', () => {
    const error = new WaitTimeoutError({ timeout: 500, operation });
    expect(error.message).toBe(
      `Operation ${name} was not done after 500 ms. It goes on: resume by its name, or cancel it.`,
    );
    expect(error).toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
      timeout: 500,
      details: [],
      operation,
    });
    expect(error.status).toEqual({ code: 4, message: error.message, details: [] });
  });

  it('says how the last call failed: then nobody knows whether it goes on', () => {
    const status = { code: Code.UNAVAILABLE, message: 'no server', details: [] };
    const cause = new CallFailedError({ method: 'get', operationName: name, status });
    expect(new WaitTimeoutError({ timeout: 500, operation, cause }).message).toBe(
      `Operation ${name} was not done after 500 ms, and the last call failed: UNAVAILABLE (14): no server. It may still run: resume by its name, or cancel it.`,
    );
  });

  it('says that a cancel is not confirmed', () => {
    expect(new WaitTimeoutError({ timeout: 500, operation, cancelRequested: true }).message).toBe(
      `Operation ${name} was not done after 500 ms. It was to be cancelled, which is not confirmed, so it may still run: ask about it by its name.`,
    );
    expect(new WaitTimeoutError({ timeout: 5, operation, cancelRequested: false }).message).toBe(
      `Operation ${name} was not done after 5 ms. It goes on: resume by its name, or cancel it.`,
    );
  });

  it('says that nobody knows whether it has begun, before its name is known', () => {
    expect(new WaitTimeoutError({ timeout: 5 }).message).toBe(
      'The operation was not known after 5 ms: its start was not answered. It may have begun: check before you start it again.',
    );
  });

  it('says that it was done, and only what it gave was yet to be checked', () => {
    const done = { name, done: true, response: 1 };
    expect(new WaitTimeoutError({ timeout: 5, operation: done }).message).toBe(
      `Operation ${name} was done, but its result was still being checked after 5 ms. The result is in this error's \`operation\`.`,
    );
  });
});

describe('the message of a CancelNotConfirmedError', () => {
  const advice = 'It may still run: ask about it by its name, or cancel it again.';

  it('says that nothing was confirmed in time [fact 16]', () => {
    const error = new CancelNotConfirmedError({ cancelTimeout: 30_000, operation });
    expect(error.message).toBe(
      `Operation ${name} was to be cancelled, and the server confirmed nothing within 30000 ms. ${advice}`,
    );
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, details: [], failure: undefined });
    expect(error.status).toEqual({ code: 4, message: error.message, details: [] });
  });

  it('says which call failed, and has its code and details [fact 15]', () => {
    const failure = new CallFailedError({ method: 'cancel', status: unavailable });
    const error = new CancelNotConfirmedError({ cancelTimeout: 1, operation, failure });
    expect(error.message).toBe(
      `Operation ${name} was to be cancelled, and a call failed: UNAVAILABLE (14): try later. ${advice}`,
    );
    expect(error).toMatchObject({ code: 14, details, failure, codeName: 'UNAVAILABLE' });
  });
});

describe('the message of a ProtocolError', () => {
  it('says what is wrong, and how the answer begins', () => {
    const error = new ProtocolError({
      problem: 'is not an operation',
      answer: '<html>',
      operationName: name,
    });
    expect(error.message).toBe(
      `Operation ${name}: the answer is not an operation. The client may call a wrong address, or misread the answer. It begins: <html>`,
    );
    expect(error).toMatchObject({
      code: 13,
      problem: 'is not an operation',
      answer: '<html>',
      details: [],
    });
    expect(error.status).toEqual({ code: 13, message: error.message, details: [] });
  });

  it('names the parent of a list', () => {
    const error = new ProtocolError({
      problem: 'is not a page of operations',
      answer: 5,
      method: 'list',
      operationName: 'p',
    });
    expect(error.message).toBe(
      'Listing the operations of p: the answer is not a page of operations. The client may call a wrong address, or misread the answer. It begins: 5',
    );
  });

  const circle: { self?: object } = {};
  circle.self = circle;
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
    },
  );

  it.each<[string, unknown, string]>([
    ['JSON', { a: [1, 'b', null] }, '{"a":[1,"b",null]}'],
    ['a bigint in it', { a: 5n }, '{"a":"5"}'],
    ['undefined', undefined, 'undefined'],
    ['a function', Math.max, 'function'],
    ['a symbol', Symbol('s'), 'symbol'],
    ['bytes', { a: new Uint8Array([1, 2]) }, '{"a":"AQI="}'],
    ['a circle', circle, '{"self":"[…]"}'],
    ['what throws', hostile, '"[unreadable]"'],
    ['200 characters', 'x'.repeat(200), 'x'.repeat(200)],
    ['201 characters', 'x'.repeat(201), `${'x'.repeat(200)}…`],
    ['much JSON', ['x'.repeat(500)], `["${'x'.repeat(198)}…`],
  ])('shows the beginning of an answer: %s', (_, answer, shown) => {
    const error = new ProtocolError({ problem: 'is odd', answer });
    expect(error.message).toBe(
      `The operation: the answer is odd. The client may call a wrong address, or misread the answer. It begins: ${shown}`,
    );
    expect(error.answer).toBe(answer);
  });
});

describe.each(all)('an error of kind %s', (kind, error) => {
  it('is an Error with its class for a name, and a stack', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.kind).toBe(kind);
    expect(error.name).toBe(error.constructor.name);
    expect(error.stack).toContain(error.message);
    expect(Object.prototype.toString.call(error)).toBe('[object Error]');
  });

  it('is an instance of its own class and of StatusError, and of no other', () => {
    expect(error).toBeInstanceOf(StatusError);
    expect(isStatusError(error)).toBe(true);
    for (const [otherKind, other] of all) {
      expect(error instanceof other.constructor).toBe(kind === otherKind);
    }
  });

  it('carries the whole Status and the last snapshot [pain 20]', () => {
    expect(error.status).toMatchObject({ code: error.code, details: error.details });
    expect(error.operation?.name).toBe(name);
  });

  it('is kept by JSON.stringify', () => {
    const { name: className, message, code, codeName } = error;
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      ...{ name: className, kind, message, code, codeName },
      details: error.details,
      operation: error.operation,
    });
    expect(JSON.parse(JSON.stringify({ in: [error] }))).toEqual({ in: [error.toJSON()] });
  });
});

describe('codeName', () => {
  it('is UNKNOWN for a code that is not listed, which is kept [fact 42]', () => {
    expect(failed({ code: 99 })).toMatchObject({ code: 99, codeName: 'UNKNOWN' });
  });
});

describe('cause', () => {
  it('is what was given, by identity', () => {
    const cause = { any: 'thing' };
    expect(called(14, { cause }).cause).toBe(cause);
    expect(called(14, { cause: null }).cause).toBeNull();
  });

  it('is not there when none was given', () => {
    expect(called(14)).not.toHaveProperty('cause');
    expect(JSON.parse(JSON.stringify(called(14)))).not.toHaveProperty('cause');
  });
});

describe('isStatusError', () => {
  it.each<[unknown]>([
    [new Error('x')],
    [{ code: 5, details: [], kind: 'call-failed' }],
    [null],
    [undefined],
    ['x'],
    [[]],
    [
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('says no to anything else', (value) => {
    expect(isStatusError(value)).toBe(false);
    expect(value instanceof StatusError).toBe(false);
    expect(value instanceof CallFailedError).toBe(false);
  });
});

describe("a user's subclass", () => {
  class QuotaError extends CallFailedError {
    override readonly name: string = 'QuotaError';
  }
  class OwnError extends StatusError {
    override readonly kind = 'call-failed';
  }
  const options = { method: 'get', status: unavailable } as const;
  const quota = new QuotaError(options);
  const own = new OwnError('mine', { status: unavailable });

  it('is an instance of itself and of its bases', () => {
    expect(quota).toBeInstanceOf(QuotaError);
    expect(quota).toBeInstanceOf(CallFailedError);
    expect(quota).toBeInstanceOf(StatusError);
    expect(own).toBeInstanceOf(OwnError);
    expect(own).toBeInstanceOf(StatusError);
  });

  it('does not claim the errors that are not its own', () => {
    expect(new CallFailedError(options)).not.toBeInstanceOf(QuotaError);
    expect(new CallFailedError(options)).not.toBeInstanceOf(OwnError);
    expect(quota).not.toBeInstanceOf(WaitTimeoutError);
    expect(quota).not.toBeInstanceOf(OwnError);
    expect(own).not.toBeInstanceOf(QuotaError);
  });

  it('keeps its own fields in JSON', () => {
    class Detailed extends CallFailedError {
      readonly quota = 'reads';
    }
    expect(JSON.parse(JSON.stringify(new Detailed(options)))).toMatchObject({
      kind: 'call-failed',
      quota: 'reads',
      method: 'get',
    });
  });
});

describe('the name in a message', () => {
  it('is shown without what may be a secret, should it be a whole URL', () => {
    const operationName = 'https://user:password@host/operations/1?token=secret';
    const status = { code: Code.INVALID_ARGUMENT, message: 'refused', details: [] };
    const { message } = new CallFailedError({ method: 'get', operationName, status });
    expect(message).toContain('Operation https://…@host/operations/1…: the get call failed');
    expect(message).not.toMatch(/password|secret/);
  });
});

describe('the excerpt in a ProtocolError', () => {
  it('holds no control character, by which a server could move the cursor of a log', () => {
    const { message } = new ProtocolError({
      problem: 'is not an operation',
      answer: 'a\u001b[2J\r\nb',
    });
    expect(message).toBe(
      'The operation: the answer is not an operation. The client may call a wrong address, or misread the answer. It begins: a [2J b',
    );
  });
});

describe('JSON.stringify', () => {
  const plain = (fields: object): unknown => JSON.parse(JSON.stringify(called(14, fields)));
  const withMetadata = (metadata: unknown): unknown =>
    plain({ operation: { name, done: false, metadata } });

  it('keeps all fields, in the order of what matters', () => {
    const text = JSON.stringify(called(14, { operation, cause: new Error('inner') }));
    expect(text).toBe(
      JSON.stringify({
        name: 'CallFailedError',
        kind: 'call-failed',
        message: `Operation ${name}: the get call failed: UNAVAILABLE (14): It said so. The operation may still be running; its name is enough to resume.`,
        code: 14,
        codeName: 'UNAVAILABLE',
        details: [],
        operation,
        method: 'get',
        attempts: 1,
        statusMessage: 'It said so.',
        cause: { name: 'Error', message: 'inner' },
      }),
    );
  });

  it('keeps what is peculiar to a kind', () => {
    const failure = new CallFailedError({ method: 'cancel', status: unavailable });
    const cancel = new CancelNotConfirmedError({ cancelTimeout: 1, operation, failure });
    expect(JSON.parse(JSON.stringify(examples['wait-timeout']))).toMatchObject({ timeout: 500 });
    expect(JSON.parse(JSON.stringify(examples.protocol))).toMatchObject({ answer: 'html' });
    expect(JSON.parse(JSON.stringify(cancel))).toMatchObject({
      failure: { kind: 'call-failed', code: 14, method: 'cancel' },
    });
  });

  it.each<[string, unknown, unknown]>([
    ['a bigint', { size: 12n ** 20n }, { size: '3833759992447475122176' }],
    ['bytes', { hash: new Uint8Array([0, 1, 254, 255]) }, { hash: 'AAH+/w==' }],
    ['no bytes', { hash: new Uint8Array() }, { hash: '' }],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['functions and symbols', { f: () => 1, s: Symbol('s'), kept: 1 }, { kept: 1 }],
    ['functions in lists', [() => 1, Symbol('s')], [null, null]],
    ['a toJSON', { toJSON: () => ({ a: 5n }) }, { a: '5' }],
    ['a toJSON that is none', { toJSON: 5 }, { toJSON: 5 }],
    ['an error', { inner: new TypeError('bad') }, { inner: { name: 'TypeError', message: 'bad' } }],
    ['null and numbers', [null, 1, true, 'x', Number.NaN], [null, 1, true, 'x', null]],
    [
      'a key called __proto__',
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
  ])('writes %s', (_, metadata, written) => {
    expect(withMetadata(metadata)).toMatchObject({ operation: { metadata: written } });
  });

  it('puts a mark in the place of a circle, but not of what is merely there twice', () => {
    const circle: { self?: object; list?: unknown[] } = {};
    circle.self = circle;
    circle.list = [circle];
    const twice = { a: 1 };
    expect(withMetadata(circle)).toMatchObject({
      operation: { metadata: { self: '[…]', list: ['[…]'] } },
    });
    expect(withMetadata([twice, twice])).toMatchObject({ operation: { metadata: [twice, twice] } });
  });

  it('puts a mark in the place of the error itself, when it is its own cause', () => {
    const error = called(14);
    Object.assign(error, { cause: new Error('around', { cause: error }) });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      cause: { message: 'around', cause: '[…]' },
    });
  });

  it('puts a mark where it nests too deep', () => {
    let metadata: unknown = 'bottom';
    for (let level = 0; level < 100_000; level += 1) metadata = [metadata];
    const text = JSON.stringify(withMetadata(metadata));
    expect(text).toContain('[…]');
    expect(text).not.toContain('bottom');
    let shallow: unknown = 'bottom';
    for (let level = 0; level < 29; level += 1) shallow = [shallow];
    expect(JSON.stringify(withMetadata(shallow))).toContain('bottom');
  });

  it('puts a mark in the place of what throws while it is read, and keeps the rest', () => {
    const metadata = {
      before: 1,
      thrower: {
        get field(): number {
          throw new Error('no');
        },
      },
      after: 2,
    };
    expect(withMetadata(metadata)).toMatchObject({
      operation: { metadata: { before: 1, thrower: '[unreadable]', after: 2 } },
    });
  });

  it('keeps the cause, the causes of the cause, and their own fields', () => {
    const root = Object.assign(new Error('reset'), { code: 'ECONNRESET', errno: -104 });
    const cause = new TypeError('fetch failed', { cause: root });
    expect(plain({ cause })).toMatchObject({
      cause: {
        name: 'TypeError',
        message: 'fetch failed',
        cause: { name: 'Error', message: 'reset', code: 'ECONNRESET', errno: -104 },
      },
    });
    expect(plain({ cause: 'text' })).toMatchObject({ cause: 'text' });
    expect(plain({ cause: { reason: 5n } })).toMatchObject({ cause: { reason: '5' } });
  });

  it('keeps an error of this library that is the cause of another', () => {
    const cause = called(7, { operation });
    expect(plain({ cause })).toMatchObject({
      cause: { name: 'CallFailedError', kind: 'call-failed', code: 7, operation },
    });
  });

  it('leaves out what HTTP clients hang on their errors: credentials, and half of a process', () => {
    const socket: Record<string, unknown> = {};
    for (let index = 0; index < 20; index += 1) {
      socket[`peer${index}`] = { socket, all: Object.values(socket) };
    }
    const cause = Object.assign(new Error('Request failed'), {
      status: 503,
      config: { headers: { authorization: 'Bearer secret' } },
      request: socket,
      response: { request: socket },
      metadata: { authorization: 'Bearer secret' },
      headers: { cookie: 'secret' },
      options: { token: 'secret' },
    });
    const text = JSON.stringify(called(14, { cause }));
    expect(JSON.parse(text)).toMatchObject({ cause: { message: 'Request failed', status: 503 } });
    expect(text).not.toContain('secret');
    expect(text).not.toContain('peer');
  });
});
