import { describe, expect, test } from 'vitest';

import { readOperation } from '../../../src/clients/protobuf/operation.js';
import { encode, googleType, pack } from './google-types.js';

const text = pack('google.protobuf.StringValue', { value: 'made' });
const stockout = pack('google.rpc.ErrorInfo', { reason: 'STOCKOUT' });
const error = { code: 8, message: 'Out of stock.', details: [stockout] };
const readError = {
  code: 8,
  message: 'Out of stock.',
  details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' }],
};

describe('an Operation reads the same, whatever library holds it', () => {
  const wire = { type_url: text.typeUrl, value: text.value };
  test('protobufjs, and so proto-loader', () => {
    const type = googleType('google.longrunning.Operation');
    const name = 'operations/1';
    const failed = type.decode(
      encode('google.longrunning.Operation', {
        name,
        done: true,
        error: {
          ...error,
          details: [{ type_url: stockout.typeUrl, value: stockout.value }],
        },
      }),
    );
    expect(readOperation(failed)).toMatchObject({ name, done: true, error: readError });
    expect(readOperation(failed).response ?? undefined).toBeUndefined();
    const made = type.decode(
      encode('google.longrunning.Operation', { name, done: true, metadata: wire, response: wire }),
    );
    const read = readOperation(type.toObject(made, { defaults: true, oneofs: true }));
    expect(read).toMatchObject({ name, done: true, metadata: wire, response: wire });
    expect(read.error ?? undefined).toBeUndefined();
  });

  test('protobuf-es, with the outcome in one field', () => {
    const name = 'operations/1';
    const base = { $typeName: 'google.longrunning.Operation', name, done: true, metadata: text };
    expect(readOperation({ ...base, result: { case: 'error', value: error } })).toEqual({
      name,
      done: true,
      metadata: text,
      error: readError,
      response: undefined,
    });
    expect(readOperation({ ...base, result: { case: 'response', value: text } })).toEqual({
      name,
      done: true,
      metadata: text,
      error: undefined,
      response: text,
    });
    const neither = readOperation({ ...base, result: { case: undefined } });
    expect([neither.error, neither.response]).toEqual([undefined, undefined]);
  });

  test('ts-proto, with undefined for what is not set', () => {
    const read = readOperation({ name: 'operations/1', done: true, error, response: undefined });
    expect(read.error).toEqual(readError);
    expect(read.response).toBeUndefined();
  });

  test('google-protobuf, behind methods and with lists by another name', () => {
    const base64 = Buffer.from(stockout.value).toString('base64');
    const fields = {
      name: 'operations/1',
      done: true,
      error: {
        code: 8,
        message: 'Out of stock.',
        detailsList: [{ typeUrl: stockout.typeUrl, value: base64 }],
      },
    };
    const read = readOperation({ toObject: () => fields });
    expect(read).toMatchObject({ name: 'operations/1', done: true, error: readError });
  });
});

test('what is no message stays as it came', () => {
  for (const value of [undefined, null, 'done', 7, []]) expect(readOperation(value)).toBe(value);
});
