import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  Code,
  OperationFailedError,
  ProtocolError,
  WaitTimeoutError,
  poll,
  waitForDone,
  waitForOperation,
  type OperationLike,
} from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { of, type Observable } from 'rxjs';
import { failureOf } from '../support/failure-of.js';

const name = 'operations/1';
const answering = (answer: unknown) => (): Observable<OperationLike> => of(answer as OperationLike);

describe('waitForOperation', () => {
  it('gives the final operation, with its metadata', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const script = { duration: 60_000, response: { ok: 1 }, progress: true };
    const started = fake.start(script);
    const wait = waitForOperation(fake.client, started.name, { scheduler });
    const operation = await scheduler.runUntil(wait);
    expect(operation).toEqual(await fake.client.get({ name: started.name }));
    expect(operation.metadata).toBeDefined();
  });

  it('tells of the parts that failed in the metadata of a success [report 17]', async () => {
    const metadata = { individualProcessStatuses: [{ status: { code: 3, message: 'bad page' } }] };
    const done: OperationLike = { name, done: true, metadata };
    expect(await waitForOperation({ get: async () => Promise.resolve(done) }, name)).toEqual(done);
  });

  it('takes what `poll` gave', async () => {
    const done = { name, done: true, response: 1 };
    expect(await waitForOperation(poll({ get: () => of(done) }, name))).toEqual(done);
  });

  it('gives what `response` and `metadata` make of it', async () => {
    const done = { name, done: true, response: '1', metadata: '2' };
    const options = { response: Number, metadata: Number };
    const wait = waitForOperation({ get: () => of(done) }, name, options);
    expect(await wait).toEqual({ name, done: true, response: 1, metadata: 2 });
  });

  const failed = { name, done: true, error: { code: Code.ABORTED, message: 'no' } };
  it.each([
    ['the operation failed', { get: answering(failed) }, {}, OperationFailedError],
    ['a call failed', { get: answering({ code: 7, message: 'no' }) }, {}, CallFailedError],
    ['an answer makes no sense', { get: answering(1) }, {}, ProtocolError],
    ['time is up', { get: answering({ name }) }, { timeout: 1 }, WaitTimeoutError],
  ])('fails as `waitForDone` does when %s', async (_, client, options, type) => {
    const failure = await failureOf(waitForOperation(client, name, options));
    expect(failure).toBeInstanceOf(type);
    const other = (await failureOf(waitForDone(client, name, options))) as Error;
    expect(String(failure)).toBe(String(other));
  });

  it('rejects what is not valid', async () => {
    const wait = waitForOperation({ get: () => of({}) }, '');
    expect(await failureOf(wait)).toBeInstanceOf(RangeError);
  });
});
