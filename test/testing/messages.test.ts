import { describe, expect, test } from 'vitest';

import { readDetail } from '../../src/clients/protobuf/detail.js';
import { detailToAny } from '../../src/testing/protobuf/status.js';
import { requestOf, say, type MessageStyle } from '../../src/testing/protobuf/message.js';
import { decodeValue } from '../../src/testing/protobuf/value.js';

const style: MessageStyle = {
  any: ({ typeUrl }) => ({ typeUrl }),
  outcome: (name, value) => ({ [name]: value }),
};
const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' };

describe('a request message', () => {
  test.each([undefined, null, 'message', {}])('%o asks for what has no name', (message) => {
    expect(requestOf('get', message)).toEqual({ method: 'get', name: '' });
    expect(requestOf('list', message)).toEqual({
      method: 'list',
      name: '',
      filter: '',
      pageToken: '',
      returnPartialSuccess: false,
    });
  });

  test.each([
    [{ seconds: 1, nanos: 5e8 }, { timeout: 1_500 }],
    [{ seconds: 0 }, { timeout: 0 }],
    [null, {}],
    [undefined, {}],
    [{ seconds: -1 }, {}],
    ['soon', {}],
  ])('of wait with the time %o', (timeout, expected) => {
    const message = { name: 'operations/a', timeout };
    expect(requestOf('wait', message)).toEqual({
      method: 'wait',
      name: 'operations/a',
      ...expected,
    });
  });
});

describe('what a fault answers, as a message', () => {
  const raw = (value: unknown, httpStatus = 200, retryAfter?: number) =>
    ({ kind: 'raw', value, httpStatus, retryAfter }) as const;

  test('fails with the Status that it has, by an HTTP status from 400 on', () => {
    const error = { code: 429, message: 'Slow down.', details: [detail] };
    const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' };
    expect(say('get', raw({ error }, 429, 2_000), style)).toEqual({
      status: { code: 8, message: 'Slow down.', details: [detail, retryInfo] },
    });
    expect(say('get', raw('<html>', 400), style)).toMatchObject({ status: { code: 3 } });
    expect(say('get', raw({ error }, 399), style)).not.toHaveProperty('status');
  });

  test.each(['text', 7, null, [1]])('fails where it is no message: %o', (value) => {
    expect(say('get', raw(value), style)).toMatchObject({ status: { code: 13 } });
  });

  test('is a message that says nothing where it says nothing', () => {
    expect(say('get', raw({}), style)).toEqual({ message: { name: '', done: false } });
    expect(say('delete', raw({ name: 'a' }), style)).toEqual({ message: {} });
    const empty = { operations: [], nextPageToken: '', next_page_token: '', unreachable: [] };
    expect(say('list', raw({ operations: 'none' }), style)).toEqual({ message: empty });
  });

  test('has the details of an error in binary form', () => {
    const error = { code: 8, message: 'No.', details: [detail, 'plain'] };
    const said = say('get', raw({ name: 'a', done: true, error }), style);
    const types = [detail['@type'], 'type.googleapis.com/google.protobuf.Value'];
    const details = types.map((typeUrl) => ({ typeUrl }));
    expect(said).toEqual({
      message: { name: 'a', done: true, error: { code: 8, message: 'No.', details } },
    });
  });
});

describe('a detail in binary form', () => {
  const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
  test.each([
    { '@type': type('ErrorInfo'), reason: 'R', domain: 'd', metadata: { a: 'b', c: '' } },
    { '@type': type('RetryInfo'), retryDelay: '1.5s' },
    { '@type': type('DebugInfo'), stackEntries: ['a', 'b'], detail: 'd' },
    { '@type': type('QuotaFailure'), violations: [{ subject: 's', quotaValue: '-5' }] },
    {
      '@type': type('BadRequest'),
      fieldViolations: [{ field: 'f', localizedMessage: { locale: 'de', message: 'Ü' } }],
    },
  ])('comes back as it was: $@type', (each) => {
    const { typeUrl, bytes } = detailToAny(each);
    expect(readDetail({ typeUrl, value: bytes })).toEqual(each);
  });

  test.each([
    [{ '@type': type('RetryInfo'), retryDelay: 'soon' }, { retryDelay: '0s' }],
    [{ '@type': type('DebugInfo'), stackEntries: 'one' }, { stackEntries: ['one'] }],
    [{ '@type': type('RequestInfo'), requestId: null, servingData: 7 }, { servingData: '7' }],
  ])('has what can be made of a script that is not exact: %j', (given, expected) => {
    const { typeUrl, bytes } = detailToAny(given);
    expect(readDetail({ typeUrl, value: bytes })).toEqual({ '@type': given['@type'], ...expected });
  });

  test.each([
    { '@type': type('Newer'), a: 1 },
    { '@type': 'type.googleapis.com/library.v1.Late', a: 1 },
    { a: 1 },
    'plain',
  ])('is a google.protobuf.Value where its type is not known: %j', (each) => {
    const { typeUrl, bytes } = detailToAny(each);
    expect(typeUrl).toBe('type.googleapis.com/google.protobuf.Value');
    expect(decodeValue(bytes)).toEqual(each);
  });
});

describe('a google.protobuf.Value', () => {
  test.each([
    ['with an empty key and no value', [0x2a, 2, 0x0a, 0], { '': null }],
    ['with a field that is none of its own', [0x38, 1, 0x1a, 1, 65], 'A'],
    ['with nothing in it', [], null],
  ])('%s is read as far as it goes', (_, bytes, expected) => {
    expect(decodeValue(Uint8Array.from(bytes))).toEqual(expected);
  });
});
