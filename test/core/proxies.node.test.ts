import {
  CallFailedError,
  CancelNotConfirmedError,
  OperationFailedError,
  ProtocolError,
  StatusError,
  WaitTimeoutError,
  isStatusError,
  listOperations,
  listPages,
  poll,
  waitForDone,
  type FailedOperation,
  type Operation,
} from 'rx-lro';
import { AnyTypeError } from 'rx-lro/any';
import { WaitForAllError } from 'rx-lro/fleet';
import { HttpError } from 'rx-lro/rest';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { Observable, lastValueFrom, map, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';

import { holders } from '../support/holders.js';

interface World {
  readonly scheduler: VirtualTime;
  readonly fake: FakeOperations;
  readonly running: Operation;
}

function world(): World {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler, pageSize: 2 });
  const running = fake.start({ duration: 60_000, progress: true, response: 'made' });
  for (let index = 0; index < 4; index += 1) fake.start();
  return { scheduler, fake, running };
}

const streams = [
  ['poll', ({ fake, running, scheduler }: World) => poll(fake.client, running, { scheduler })],
  ['listOperations', ({ fake }: World) => listOperations(fake.client, { name: '' })],
  ['listPages', ({ fake }: World) => listPages(fake.client, { name: '' })],
] as const;

async function iterate<T>(iterator: AsyncIterator<T>): Promise<T[]> {
  const values: T[] = [];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    values.push(next.value);
  }
  return values;
}

describe.each(streams)('what %s gives [report 6]', (_, open) => {
  describe.each(holders)('behind %s', (__, hold) => {
    test('is iterated, subscribed to and piped as it is itself', async () => {
      const one = world();
      const expected = await one.scheduler.runUntil(
        lastValueFrom((open(one) as Observable<unknown>).pipe(toArray())),
      );
      expect(expected.length).toBeGreaterThan(1);

      const ways: readonly ((stream: ReturnType<typeof open>) => Promise<unknown[]>)[] = [
        async (stream) => {
          const values: unknown[] = [];
          for await (const value of stream) values.push(value);
          return values;
        },
        (stream) => iterate<unknown>(stream[Symbol.asyncIterator]()),
        (stream) => iterate<unknown>(hold(stream[Symbol.asyncIterator]())),
        (stream) =>
          lastValueFrom(
            (stream as Observable<unknown>).pipe(
              map((value) => value),
              toArray(),
            ),
          ),
      ];
      for (const way of ways) {
        const other = world();
        const stream = hold(open(other));
        expect(stream).toBeInstanceOf(Observable);
        expect(await other.scheduler.runUntil(way(stream))).toEqual(expected);
      }
    });

    test('ends its calls when the loop is left', async () => {
      const one = world();
      const iterator: AsyncIterator<unknown> = hold(hold(open(one))[Symbol.asyncIterator]());
      await one.scheduler.runUntil(iterator.next());
      expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      expect(one.scheduler.pending).toBe(0);
      expect(one.fake.inFlight).toBe(0);
    });
  });
});

test.each(holders)('waitForDone takes a poll behind %s', async (_, hold) => {
  const { fake, running, scheduler } = world();
  const held = hold(poll(fake.client, running, { scheduler }));
  expect(await scheduler.runUntil(waitForDone(held))).toBe('made');
});

const status = { code: 14, message: 'try later', details: [{ reason: 'R' }] };
const operation: FailedOperation = { name: 'operations/1', done: true, error: status };
const cause = new Error('below');
const errors = [
  new CallFailedError({ method: 'get', status, operation, cause }),
  new CancelNotConfirmedError({ cancelTimeout: 5, operation, cause }),
  new OperationFailedError({ operation }),
  new ProtocolError({ problem: 'is wrong', answer: 7, operation, cause }),
  new WaitTimeoutError({ timeout: 5, cancelRequested: false, operation, cause }),
].map((error) => [error.name, error] as const);

describe.each(errors)('%s', (_, error) => {
  test.each(holders)('is known and written behind %s as it is itself', (__, hold) => {
    const held = hold<StatusError>(error);
    expect(held instanceof StatusError).toBe(true);
    expect(held instanceof error.constructor).toBe(true);
    expect(isStatusError(held)).toBe(true);
    expect(held.kind).toBe(error.kind);
    expect(held.status).toEqual(error.status);
    expect(held.toJSON()).toEqual(error.toJSON());
    expect(JSON.stringify(held)).toBe(JSON.stringify(error));
    expect(String(held)).toBe(String(error));
  });
});

const others = [
  new HttpError({ status: 503, statusText: '', request: 'GET https://a.example', body: 'no' }),
  new AnyTypeError({ expected: 'a.Text', typeUrl: '', any: undefined }),
  new WaitForAllError(new Map([[1, 'made']]), [{ index: 0, name: 'operations/1', error: cause }]),
].map((error) => [error.name, error] as const);

describe.each(others)('%s', (_, error) => {
  test.each(holders)('is known and read behind %s as it is itself', (__, hold) => {
    const held = hold<Error>(error);
    expect(held instanceof error.constructor).toBe(true);
    expect(String(held)).toBe(String(error));
    for (const field of Object.keys(error)) {
      expect(Reflect.get(held, field)).toEqual(Reflect.get(error, field));
    }
    if ('toJSON' in error) expect((held as typeof error).toJSON()).toEqual(error.toJSON());
  });
});
