import { CancelNotConfirmedError, Code, OperationFailedError } from 'rx-lro';
import { expect, test } from 'vitest';

import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';
import { outcomeOf, quick } from './world.js';

onEngines('cancelling', (stage) => {
  test('a cancel before the first call reaches the server, whose verdict is told', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ cancelAfter: 200 });
    const [one, other] = [world.waits(), world.waits()];
    await one.add(name, { kind: 'any' });
    await other.cancel(name, 'withdrawn');
    expect(await one.get(name)).toMatchObject({ isCancelled: true });
    world.worker();
    const failure = await one.waitForDone(name).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(OperationFailedError);
    expect(failure).toMatchObject({ code: Code.CANCELLED });
    await world.handled();
    expect(world.done.map(outcomeOf)).toEqual(['CANCELLED']);
    expect(world.calls.filter(({ method }) => method === 'cancel')).toHaveLength(1);
  });

  test('a cancel ends a long delay, and is sent at once', async () => {
    const world = stage.world();
    const { name } = world.fake.start();
    const waits = world.waits();
    world.worker({ kinds: { any: { client: world.client, backoff: { startingDelay: 60_000 } } } });
    await waits.add(name, { kind: 'any' });
    await until(async () => (await (await world.job(name)).getState()) === 'delayed', {
      within: 5_000,
      what: 'it is delayed',
    });
    const begun = Date.now();
    await waits.cancel(name);
    await until(() => world.calls.some(({ method }) => method === 'cancel'), {
      within: 5_000,
      what: 'a cancel',
    });
    expect(Date.now() - begun).toBeLessThan(1_000);
  });

  test('a cancel in the middle of a call is sent right after it', async () => {
    const world = stage.world();
    const { name } = world.fake.start();
    const waits = world.waits();
    world.slowness = 700;
    world.worker({ kinds: { any: { client: world.client, backoff: { startingDelay: 60_000 } } } });
    await waits.add(name, { kind: 'any' });
    await until(() => world.calls.length > 0, { within: 5_000, what: 'a call' });
    const start = Date.now();
    await waits.cancel(name);
    await until(() => world.calls.some(({ method }) => method === 'cancel'), {
      within: 10_000,
      what: 'a cancel',
    });
    expect(Date.now() - start).toBeLessThan(4_000);
    // What has woken the wait ends by itself.
    await until(
      async () => (await world.raw.getJobCountByTypes('delayed', 'waiting', 'active')) <= 1,
      {
        within: 10_000,
        what: 'one job is left',
      },
    );
  });

  test('a cancel passes a backlog', async () => {
    const world = stage.world();
    const waits = world.waits();
    const names = Array.from({ length: 300 }, () => world.fake.start().name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    world.worker({ callsPerSecond: 20 });
    await until(() => world.calls.length > 5, { within: 5_000, what: 'calls' });
    const last = names.at(-1)!;
    await waits.cancel(last);
    const failure = await waits.waitForDone(last).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: Code.CANCELLED });
    const asked = new Set(world.calls.map(({ name }) => name));
    expect(asked.size).toBeLessThan(150);
  });

  test('a cancel after the verdict changes nothing', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    await waits.waitForDone(name);
    await waits.cancel(name);
    expect(await waits.waitForDone(name)).toBe('made');
    expect(world.calls.map(({ method }) => method)).toEqual(['get']);
  });

  test('to cancel twice, from two processes, is to cancel once', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ cancelAfter: 300 });
    const [one, other] = [world.waits(), world.waits()];
    world.worker();
    await one.add(name, { kind: 'any' });
    await Promise.all([one.cancel(name, 'a'), other.cancel(name, 'b'), one.cancel(name)]);
    await expect(one.waitForDone(name)).rejects.toMatchObject({ code: Code.CANCELLED });
    await other.cancel(name);
    expect(world.calls.filter(({ method }) => method === 'cancel')).toHaveLength(1);
  });

  test("the signal of who waits cancels the operation, and the verdict is the server's own", async () => {
    const world = stage.world();
    const late = world.fake.start({ cancelAfter: 300 });
    const done = world.fake.start({ duration: 400, response: 'made', onCancel: 'ignore' });
    const waits = world.waits();
    world.worker();
    const controller = new AbortController();
    const { signal } = controller;
    await Promise.all([late, done].map(({ name }) => waits.add(name, { kind: 'any' })));
    const results = [late, done].map(({ name }) => waits.waitForDone(name, { signal }));
    const settled = Promise.allSettled(results);
    await until(() => world.calls.length > 1, { within: 5_000, what: 'calls' });
    controller.abort(new Error('the user left'));
    const [failed, made] = await settled;
    expect(failed).toMatchObject({ reason: { code: Code.CANCELLED, kind: 'operation-failed' } });
    expect(made).toEqual({ status: 'fulfilled', value: 'made' });
    expect((await world.job(late.name)).data.cancel).toEqual({ reason: 'the user left' });
  });

  test('`detach` ends what is waited for with the reason, and cancels nothing', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 600, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const reason = new Error('the user left');
    const options = { signal: AbortSignal.abort(reason), onAbort: 'detach' } as const;
    expect(await waits.waitForDone(name, options).catch((thrown: unknown) => thrown)).toBe(reason);
    expect(await waits.waitForDone(name)).toBe('made');
    expect(world.calls.map(({ method }) => method)).not.toContain('cancel');
  });

  test('a cancel that the server does not confirm ends the wait of the worker, and is told with its class', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ onCancel: 'ignore' });
    const waits = world.waits();
    world.worker({
      kinds: { any: { client: world.client, backoff: quick, cancelTimeout: 400 } },
    });
    await waits.add(name, { kind: 'any' });
    const failure = await waits
      .waitForDone(name, { signal: AbortSignal.timeout(200) })
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(CancelNotConfirmedError);
    expect(String(failure)).toContain('400 ms');
    await world.handled();
    expect(world.done.map(outcomeOf)).toEqual(['CancelNotConfirmedError']);
  });
});
