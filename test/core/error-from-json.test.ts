import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  ProtocolError,
  type StatusError,
  WaitTimeoutError,
  errorFromJson,
  isTransient,
  type Operation,
  type Status,
} from 'rx-lro';

const name = 'operations/1';
const operation: Operation = { name, done: false, metadata: { progressPercent: 40 } };
const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' }];
const unavailable: Status = { code: Code.UNAVAILABLE, message: 'try later', details };
const failedCall = new CallFailedError({
  method: 'cancel',
  operationName: name,
  status: unavailable,
  operation,
  attempts: 3,
  url: 'https://api.example.com/v1/operations/1:cancel',
  cause: new TypeError('socket closed'),
});

const errors: readonly (readonly [string, StatusError])[] = [
  ['a call', failedCall],
  ['a call of which little is known', new CallFailedError({ method: 'list', status: unavailable })],
  [
    'a code that is not listed',
    new CallFailedError({ method: 'get', status: { ...unavailable, code: 99 } }),
  ],
  [
    'an operation that failed',
    new OperationFailedError({ operation: { name, done: true, error: unavailable } }),
  ],
  [
    'an operation that was cancelled, without a message',
    new OperationFailedError({
      operation: { name, done: true, error: { code: Code.CANCELLED, message: '', details: [] } },
    }),
  ],
  ['a timeout', new WaitTimeoutError({ timeout: 500, operation, cause: failedCall })],
  ['a timeout before the name was known', new WaitTimeoutError({ timeout: 500 })],
  [
    'a timeout after a cancel',
    new WaitTimeoutError({ timeout: 1, operation, cancelRequested: true }),
  ],
  [
    'a cancel that failed',
    new CancelNotConfirmedError({ cancelTimeout: 9, operation, failure: failedCall }),
  ],
  [
    'a cancel that was not answered',
    new CancelNotConfirmedError({ cancelTimeout: 30_000, operation }),
  ],
  [
    'an answer that makes no sense',
    new ProtocolError({ problem: 'is not an operation', answer: { page: '<html>' }, operation }),
  ],
];

describe.each(errors)('the error of %s, as JSON and back', (_, error) => {
  const text = JSON.stringify(error);
  const back = errorFromJson(JSON.parse(text));

  it('has the same class and kind', () => {
    expect(back).toBeInstanceOf(error.constructor);
    expect(back.kind).toBe(error.kind);
    expect(back.name).toBe(error.name);
    expect(back.stack).toContain(error.name === 'Error' ? error.message : back.message.slice(0, 9));
  });

  it('has the same message, Status and operation', () => {
    expect(back.message).toBe(error.message);
    expect(back.code).toBe(error.code);
    expect(back.codeName).toBe(error.codeName);
    expect(back.details).toEqual(error.details);
    expect(back.status).toEqual(error.status);
    expect(back.operation).toEqual(error.operation);
    expect(isTransient(back)).toBe(isTransient(error));
  });

  it('makes the same JSON again', () => {
    expect(JSON.stringify(back)).toBe(text);
  });

  it('is made of what `toJSON` gives as well', () => {
    expect(JSON.stringify(errorFromJson(error.toJSON()))).toBe(text);
  });
});

function nested(depth: number): unknown {
  let json: unknown = failedCall.toJSON();
  for (let level = 0; level < depth; level += 1) {
    json = { kind: 'cancel-not-confirmed', code: 5, message: 'no', details: [], failure: json };
  }
  return json;
}

describe('errorFromJson', () => {
  it('makes the failure within an error an error too', () => {
    const error = new CancelNotConfirmedError({ cancelTimeout: 9, operation, failure: failedCall });
    const back = errorFromJson(JSON.parse(JSON.stringify(error))) as CancelNotConfirmedError;
    expect(back.failure).toBeInstanceOf(CallFailedError);
    expect(back.failure).toMatchObject({ method: 'cancel', attempts: 3, url: failedCall.url });
  });

  it('keeps what JSON has of the cause', () => {
    const back = errorFromJson(JSON.parse(JSON.stringify(failedCall)));
    expect(back.cause).toEqual({ name: 'TypeError', message: 'socket closed' });
  });

  it('keeps the words of another version of the package', () => {
    const json = { ...failedCall.toJSON(), message: 'It did not work.', statusMessage: 'why' };
    expect(errorFromJson(json).message).toBe('It did not work.');
    expect(errorFromJson(json).status.message).toBe('why');
  });

  it('reads an error that was stored without the message of its Status', () => {
    const { statusMessage: _, ...json } = failedCall.toJSON();
    expect(errorFromJson(json).status.message).toBe(failedCall.message);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'failed'],
    ['a list', []],
    ['another error', { name: 'Error', message: 'no' }],
    ['a Status', { code: 5, message: 'no', details: [] }],
    ['a kind that is not known', { kind: 'other', code: 5, message: 'no' }],
    ['a key of every object', { kind: 'constructor', code: 5, message: 'no' }],
    ['a code that JSON lost', { ...failedCall.toJSON(), code: null }],
    ['an operation whose name is a number', { ...failedCall.toJSON(), operation: { name: 5 } }],
    ['a URL that is a number', { ...failedCall.toJSON(), url: 5 }],
    ['attempts that are no number', { ...failedCall.toJSON(), attempts: {} }],
    ['a timeout that is a text', { ...failedCall.toJSON(), kind: 'wait-timeout', timeout: 'x' }],
    ['failures within failures without end', nested(10_000)],
    [
      'a failed operation whose error is a number',
      {
        ...{ kind: 'operation-failed', code: 5, message: 'no' },
        operation: { name, done: true, error: 5 },
      },
    ],
    ['a failed operation without its error', { kind: 'operation-failed', code: 5, message: 'no' }],
    [
      'a failure within that is not one',
      { kind: 'cancel-not-confirmed', code: 5, message: 'no', failure: {} },
    ],
  ])('says of %s that it is not the JSON of an error', (_, json) => {
    expect(() => errorFromJson(json)).toThrow(TypeError);
    expect(() => errorFromJson(json)).toThrow('not the JSON of an error of rx-lro');
  });

  it('reads a name of a million slashes, each of which a regular expression might try', () => {
    const named = { name: '/'.repeat(1_000_000), done: false };
    expect(errorFromJson({ ...failedCall.toJSON(), operation: named }).operation).toBe(named);
  });
});
