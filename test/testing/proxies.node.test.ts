import { ConnectError, Code as ConnectCode } from '@connectrpc/connect';
import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { interval, lastValueFrom, observeOn, of, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';

import { holders } from '../support/holders.js';

describe.each(holders)('VirtualTime behind %s', (_, hold) => {
  test('is one clock with the object itself', async () => {
    const itself = new VirtualTime(5);
    const time = hold(itself);
    const ran: string[] = [];
    time.schedule(() => ran.push('held'), 10);
    itself.schedule(() => ran.push('itself'), 10);
    expect([time.pending, itself.pending]).toEqual([2, 2]);
    await time.advance(4);
    expect([time.now(), itself.now()]).toEqual([9, 9]);
    await itself.advance(3);
    expect([time.now(), itself.now()]).toEqual([12, 12]);
    await time.runUntil(() => ran.length === 2);
    expect(ran).toEqual(['held', 'itself']);
    expect([time.now(), itself.now()]).toEqual([15, 15]);
    expect([time.pending, itself.pending]).toEqual([0, 0]);
  });

  test('runs once at a time', async () => {
    const itself = new VirtualTime();
    const running = hold(itself).advance(1);
    await expect(itself.advance(1)).rejects.toThrow(/running already/);
    await expect(hold(itself).runUntil(() => true)).rejects.toThrow(/running already/);
    await running;
  });

  test('is the scheduler of RxJS and of this library', async () => {
    const scheduler = hold(new VirtualTime());
    const values = lastValueFrom(interval(10, scheduler).pipe(take(3), toArray()));
    expect(await scheduler.runUntil(values)).toEqual([0, 1, 2]);
    expect(await scheduler.runUntil(lastValueFrom(of(1).pipe(observeOn(scheduler))))).toBe(1);
    const fake = new FakeOperations({ scheduler });
    const wait = waitForDone(fake.client, fake.start({ duration: 60_000, response: 'made' }), {
      scheduler,
    });
    expect(await scheduler.runUntil(wait)).toBe('made');
  });

  test('gives actions that are held alike', async () => {
    const time = hold(new VirtualTime());
    const ran: number[] = [];
    const leave = hold(time.schedule(() => ran.push(1), 10));
    const itself = time.schedule(() => ran.push(2), 10);
    time.schedule(
      function again(state) {
        ran.push(state ?? 0);
        if (state === 3) hold(this).schedule(4, 1);
      },
      10,
      3,
    );
    leave.unsubscribe();
    leave.unsubscribe();
    hold(itself).unsubscribe();
    itself.unsubscribe();
    expect(time.pending).toBe(1);
    await time.advance(20);
    expect(ran).toEqual([3, 4]);
    expect(time.pending).toBe(0);
  });
});

describe.each(holders)('FakeOperations behind %s [report 6]', (_, hold) => {
  test('is one service with the object itself', async () => {
    const scheduler = new VirtualTime();
    const itself = new FakeOperations({ scheduler });
    const fake = hold(itself);
    const operation = fake.start({ duration: 60_000, response: 'made' });
    const heal = fake.fail({ method: 'get', times: Infinity });
    heal();
    fake.fail({ method: 'get' });
    const wait = waitForDone(fake.client, operation, { scheduler });
    await scheduler.advance(1);
    expect(fake.inFlight).toBe(itself.inFlight);
    expect(await scheduler.runUntil(wait)).toBe('made');
    expect(fake.calls).toEqual(itself.calls);
    expect(fake.calls.length).toBeGreaterThan(2);
    expect(fake.inFlight).toBe(0);
  });

  test('answers by each of its ways', async () => {
    const fake = hold(new FakeOperations());
    const { name } = fake.start({ response: 'made' });
    expect(await hold(fake.client).get({ name })).toMatchObject({ name, response: 'made' });
    const rest = restClient({ baseUrl: 'https://a.example', fetch: fake.fetch });
    expect(await rest.get({ name })).toMatchObject({ name, response: 'made' });
    const answer = await new Promise((resolve) => {
      const call = { request: { name }, metadata: {}, on: () => {} };
      fake.grpc.getOperation(call, (_error, value) => resolve(value));
    });
    expect(answer).toMatchObject({ name, done: true });
    const service = fake.connect(({ message, code }) => new ConnectError(message, code));
    const context = { signal: new AbortController().signal };
    expect(await service.getOperation({ name }, context)).toMatchObject({ name });
    await expect(service.getOperation({ name: 'none' }, context)).rejects.toThrow(
      expect.objectContaining({ code: ConnectCode.NotFound }) as Error,
    );
    expect(fake.calls).toHaveLength(5);
  });
});
