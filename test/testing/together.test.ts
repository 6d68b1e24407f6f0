import { lastValueFrom, toArray } from 'rxjs';
import { OperationFailedError, cancelOperation, listOperations, poll, waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { FakeOperations, VirtualTime, type FakeOperationsOptions } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

const baseUrl = 'https://operations.test';

function setUp(transport: string, options: FakeOperationsOptions = {}) {
  const time = new VirtualTime();
  const fake = new FakeOperations({ scheduler: time, ...options });
  const client = transport === 'rest' ? restClient({ baseUrl, fetch: fake.fetch }) : fake.client;
  return { time, fake, client };
}

describe.each(['client', 'rest'])('the library over the fake service (%s)', (transport) => {
  test('waits for a response through an outage, and leaves nothing behind', async () => {
    const { time, fake, client } = setUp(transport, { latency: 50, parent: 'projects/p' });
    const operation = fake.start({ duration: 600_000, response: { value: 1 } });
    fake.fail({ from: 100_000, until: 160_000, network: true });
    fake.fail({ retryAfter: 5_000 });
    const wait = waitForDone(client, operation, { scheduler: time });
    expect(await time.runUntil(wait)).toEqual({ value: 1 });
    expect(time.now()).toBeGreaterThanOrEqual(600_000);
    expect([fake.inFlight, time.pending]).toEqual([0, 0]);
  });

  test('sees each change of the metadata', async () => {
    const { time, fake, client } = setUp(transport);
    const operation = fake.start({ duration: 10_000, progress: true });
    const backoff = { startingDelay: 500, maxDelay: 500 };
    const snapshots = poll(client, operation, { scheduler: time, backoff });
    const all = await time.runUntil(lastValueFrom(snapshots.pipe(toArray())));
    expect(
      all.map(({ metadata }) => (metadata as { progressPercent: number }).progressPercent),
    ).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  test('gives up a call that hangs, and makes another', async () => {
    const { time, fake, client } = setUp(transport);
    const { name } = fake.start({ duration: 5_000 });
    fake.fail({ hang: true });
    await time.runUntil(waitForDone(client, name, { scheduler: time, callTimeout: 1_000 }));
    expect(fake.calls[0]).toMatchObject({ time: 0, aborted: true });
    expect(fake.calls.slice(1).every(({ aborted }) => !aborted)).toBe(true);
  });

  test('cancels, also when the answer to the cancel is lost', async () => {
    const { time, fake, client } = setUp(transport);
    const operation = fake.start();
    fake.fail({ method: 'cancel', afterEffect: true });
    const wait = waitForDone(client, operation, { scheduler: time });
    const cancel = cancelOperation(client, operation.name, { scheduler: time });
    const error: unknown = await time.runUntil(wait).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OperationFailedError);
    await time.runUntil(cancel);
    expect(fake.calls.filter(({ method }) => method === 'cancel')).toHaveLength(2);
  });

  test('lists all operations, over empty pages too', async () => {
    const { time, fake, client } = setUp(transport, { emptyPages: 1 });
    for (let index = 0; index < 5; index += 1) fake.start();
    const request = { name: 'operations', pageSize: 2 };
    const all = listOperations(client, request, { scheduler: time }).pipe(toArray());
    const names = (await time.runUntil(lastValueFrom(all))).map(({ name }) => name);
    expect(names).toEqual([1, 2, 3, 4, 5].map((id) => `operations/${id}`));
    expect(fake.calls).toHaveLength(6);
  });
});
