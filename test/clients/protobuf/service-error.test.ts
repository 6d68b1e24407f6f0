import { describe, expect, it, test } from 'vitest';
import { Code, statusFrom } from 'rx-lro';
import { readServiceError } from '../../../src/clients/protobuf/service-error.js';

const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' };

function failure(message: string, fields: object): Error {
  return Object.assign(new Error(message), fields);
}

function read(message: string, fields: object, wasAborted = false): unknown {
  const error = failure(message, fields);
  expect(readServiceError(error, wasAborted)).toBe(error);
  return statusFrom(error);
}

describe('the status of a ServiceError', () => {
  it.each([
    ['5 NOT_FOUND: No such operation.', 5, 'No such operation.'],
    ['2 UNKNOWN: ', 2, ''],
    ['13 INTERNAL:', 13, ''],
    ['99 undefined: New.', 99, 'New.'],
    ['5 NOT_FOUND: 5 NOT_FOUND: Twice.', 5, '5 NOT_FOUND: Twice.'],
    ['At 2 UNKNOWN: ', 2, 'At 2 UNKNOWN: '],
    ['3 INTERNAL: another number', 13, '3 INTERNAL: another number'],
    ['Total timeout exceeded.', 4, 'Total timeout exceeded.'],
  ])('has the message of the server alone: %j', (message, code, expected) => {
    const details = message.slice(message.indexOf(': ') + 2);
    expect(read(message, { code, details })).toEqual({ code, message: expected, details: [] });
  });

  it('has an rpc code, whatever else the error has', () => {
    expect(read('m', { code: 14 })).toEqual({ code: 14, message: 'm', details: [] });
    expect(read('m', { code: 17, status: 'NOT_FOUND' })).toMatchObject({ code: 17 });
  });

  it('has the details that google-gax decoded before those that it did not', () => {
    const decoded = { $type: { fullName: '.google.rpc.ErrorInfo' }, reason: 'R' };
    const raw = { type_url: info['@type'], value: new Uint8Array([1]) };
    const overGrpc = { code: 9, statusDetails: [decoded], details: 'm' };
    expect(read('9 FAILED_PRECONDITION: m', overGrpc)).toEqual({
      code: 9,
      message: 'm',
      details: [decoded],
    });
    const overHttp = { code: 9, statusDetails: [decoded], details: [raw] };
    expect(read('m', overHttp)).toEqual({ code: 9, message: 'm', details: [decoded, raw] });
  });

  it('is UNAVAILABLE for a stream that was reset when the caller had not aborted', () => {
    expect(read('1 CANCELLED: Reset.', { code: 1 })).toMatchObject({ code: Code.UNAVAILABLE });
    expect(read('1 CANCELLED: Reset.', { code: 1 }, true)).toMatchObject({ code: Code.CANCELLED });
  });
});

test.each([
  failure('socket hang up', { code: 'ECONNRESET' }),
  failure('m', {}),
  { code: 14, message: 'm' },
  'text',
  undefined,
])('%o is not a ServiceError, and stays as it is', (error) => {
  expect(readServiceError(error, false)).toBe(error);
  expect(error).not.toMatchObject({ status: expect.anything() as unknown });
});
