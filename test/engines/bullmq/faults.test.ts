import { Code, type OperationsClient } from 'rx-lro';
import { responseOf } from 'rx-lro/step';
import { expect, test } from 'vitest';

import { workerOf } from './bare-worker.js';
import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';
import { outcomeOf, quick } from './world.js';

const soon = { within: 15_000 };

onEngines('faults', (stage) => {
  test('a kind that a worker does not know goes to another one, with an event and without an attempt', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    const old = world.worker({ kinds: { old: { client: world.client } } });
    await waits.add(name, { kind: 'new' });
    await until(() => world.events.length > 0, { ...soon, what: 'an event' });
    expect(world.events[0]).toMatchObject({ type: 'unknown-kind', name, kind: 'new' });
    const job = await world.job(name);
    expect([job.attemptsMade, job.finishedOn, job.failedReason]).toEqual([0, undefined, undefined]);
    world.worker({ kinds: { new: { client: world.client } } });
    expect(await waits.waitForDone(name)).toBe('made');
    await world.handled();
    expect(world.done).toMatchObject([{ kind: 'new' }]);
    await old.close();
  });

  test('a service that fails more often than `poll` tries ends no wait, unless it is told to', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    let failures = 60;
    const client: OperationsClient = {
      get: (request, options) => {
        failures -= 1;
        if (failures < 0) return world.client.get(request, options);
        const error = Object.assign(new Error('later'), { code: Code.UNAVAILABLE, details: [] });
        return Promise.reject(error);
      },
    };
    const retry = { startingDelay: 1, maxDelay: 1 };
    const waits = world.waits();
    world.worker({
      kinds: { usual: { client, retry }, once: { client, retry: { ...retry, numOfAttempts: 3 } } },
    });
    await waits.add('operations/other', { kind: 'once' });
    await expect(waits.waitForDone('operations/other')).rejects.toMatchObject({ attempts: 3 });
    await waits.add(name, { kind: 'usual' });
    expect(await waits.waitForDone(name)).toBe('made');
    expect(failures).toBeLessThan(0);
  });

  test('what a newer release has written goes to a newer worker, with an event', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    await waits.add(name, { kind: 'any' });
    const job = await world.job(name);
    const { data } = job;
    for (const change of [
      () => job.updateData({ ...data, version: 2 }),
      () => job.updateData({ ...data, state: { ...data.state, version: 2 } }),
      async () => {
        await job.updateData(data);
        await job.updateProgress({ version: 2, state: data.state });
      },
    ]) {
      world.events.splice(0);
      await change();
      const worker = world.worker();
      await job.promote().catch(() => undefined);
      await until(() => world.events.length > 0, { ...soon, what: 'an event' });
      expect(world.events[0]).toMatchObject({ type: 'newer-version', name, version: 2 });
      await worker.close();
    }
    expect(world.calls).toEqual([]);
    await job.updateProgress({ version: 1, state: data.state });
    world.worker();
    expect(await waits.waitForDone(name)).toBe('made');
  });

  test('what the first release has written is read', async () => {
    const world = stage.world();
    const name = 'operations/kept';
    world.fake.start({ name, duration: 0, response: 'made' });
    // As it stands in queues: not to be changed with the code.
    await world.raw.add(
      'wait',
      {
        version: 1,
        kind: 'any',
        state: { version: 1, name, begun: Date.now() - 60_000 },
        context: { user: 7 },
        cancel: { reason: 'why' },
      },
      { jobId: 'wait-operations/kept', priority: 1 },
    );
    await (
      await world.job(name)
    ).updateProgress({
      version: 1,
      percent: 40,
      state: {
        version: 1,
        name,
        begun: Date.now() - 60_000,
        cancel: { reason: 'why' },
        shown: '2cdy0ce25oa',
        facts: {
          isKnown: true,
          isReached: true,
          attempt: 3,
          delay: 100,
          notDoneAt: Date.now() - 1_000,
          cancel: { at: Date.now() - 900, stage: 'sent' },
        },
      },
      operation: { name, done: false, metadata: { progressPercent: 40, size: { $bigint: '5' } } },
    });
    const waits = world.waits();
    expect(await waits.get(name)).toMatchObject({
      isCancelled: true,
      operation: { metadata: { size: 5n } },
    });
    world.worker();
    expect(await waits.waitForDone(name)).toBe('made');
    await world.handled();
    expect(world.done).toMatchObject([
      {
        context: { user: 7 },
        key: expect.stringContaining(`${world.queue}:wait-${name}:`) as unknown,
      },
    ]);
    expect(world.calls).toHaveLength(1);
  });

  test('functions that throw, and states that are damaged, end no wait', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    let isFaulty = true;
    const retry = {
      retry: (): boolean => {
        if (isFaulty) throw new Error('a fault of this release');
        return true;
      },
    };
    world.fake.fail({ method: 'get' });
    world.fake.fail({ method: 'get' });
    world.worker({ kinds: { any: { client: world.client, backoff: quick, retry } } });
    await waits.add(name, { kind: 'any' });
    await until(() => world.events.length >= 2, { ...soon, what: 'two events' });
    expect(world.events[0]).toMatchObject({ type: 'step-failed', name, kind: 'any' });
    expect(String((world.events[0] as { error: unknown }).error)).toContain(
      'a fault of this release',
    );
    isFaulty = false;
    expect(await waits.waitForDone(name)).toBe('made');

    const damaged = world.fake.start({ duration: 0, response: 'made' });
    await world.raw.pause();
    await waits.add(damaged.name, { kind: 'any' });
    const job = await world.job(damaged.name);
    await job.updateProgress({ version: 1, state: { version: 1, name: 7 } });
    await world.raw.resume();
    world.events.splice(0);
    await until(() => world.events.length >= 1, { ...soon, what: 'an event' });
    expect(String((world.events[0] as { error: unknown }).error)).toContain('damaged');
    await job.updateProgress({ version: 1, state: job.data.state });
    expect(await waits.waitForDone(damaged.name)).toBe('made');
  });

  test('of a result that is too large only the name is kept, and who asks fetches it', async () => {
    const world = stage.world();
    const response = 'x'.repeat(2_000);
    const { name } = world.fake.start({ duration: 0, response });
    const waits = world.waits();
    world.worker({ maxStoredBytes: 1_000 });
    await waits.add(name, { kind: 'any' });
    const failure = await waits.waitForDone(name).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: Code.FAILED_PRECONDITION });
    expect(String(failure)).toContain(
      'give `operationWaits` the client of the kind "any" in `kinds`',
    );
    expect(await waits.get(name)).toMatchObject({ isLarge: true });
    expect(JSON.stringify(await world.job(name)).length).toBeLessThan(1_500);
    expect(world.events).toMatchObject([{ type: 'not-stored', name, kind: 'any' }]);
    const fetching = world.waits({ kinds: { any: { client: world.client } } });
    expect(await fetching.waitForDone(name)).toBe(response);
    // The handler is given it all the same.
    await world.handled();
    expect(responseOf(world.done[0]!.verdict)).toBe(response);
  });

  test('while a result that is not kept cannot be fetched, the handler is tried again in turns', async () => {
    const world = stage.world();
    const response = 'x'.repeat(500);
    const { name } = world.fake.start({ duration: 0, response });
    let isUp = true;
    const client: OperationsClient = {
      get: (request, options) =>
        isUp
          ? world.client.get(request, options)
          : Promise.reject(Object.assign(new Error('later'), { code: Code.UNAVAILABLE })),
    };
    const runs: number[] = [];
    world.worker({
      maxStoredBytes: 100,
      kinds: { any: { client } },
      onDone: ({ attempt }) => {
        runs.push(attempt);
        isUp = false;
        if (runs.length === 1) throw new Error('once');
      },
    });
    await world.waits().add(name, { kind: 'any' });
    const failed = (): boolean => world.events.some(({ type }) => type === 'step-failed');
    await until(failed, { ...soon, what: 'an event' });
    isUp = true;
    await until(() => runs.length === 2, { ...soon, what: 'a second run' });
    expect(runs[1]).toBeGreaterThan(2);
  });

  test('a second run of the handler fetches a result that is not kept', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    const runs: unknown[] = [];
    world.worker({
      maxStoredBytes: 0,
      onDone: ({ verdict }) => {
        runs.push(responseOf(verdict));
        if (runs.length === 1) throw new Error('once');
      },
    });
    await waits.add(name, { kind: 'any' });
    await until(() => runs.length === 2, { ...soon, what: 'two runs' });
    expect(runs).toEqual(['made', 'made']);
    expect(world.calls).toHaveLength(2);
  });

  test('what JSON cannot hold is told at the first step, and does not end the wait', async () => {
    const world = stage.world();
    const { name } = world.fake.start({
      duration: 500,
      metadata: { at: new Date() },
      response: { made: 1 },
    });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    await until(() => world.events.length > 0, { ...soon, what: 'an event' });
    expect(world.events[0]).toMatchObject({ type: 'not-stored', name, kind: 'any' });
    expect(String((world.events[0] as { error: unknown }).error)).toContain(
      '`operation.metadata.at` is a Date',
    );
    await until(() => world.done.length > 0, { ...soon, what: 'it is handled' });
    expect(world.done.map(outcomeOf)).toEqual(['OK']);
    const fetching = world.waits({ kinds: { any: { client: world.client } } });
    expect(await fetching.waitForDone(name)).toEqual({ made: 1 });
  });

  test('a job that has ended without a verdict is not waited for, and can be added again (taskforcesh/bullmq#4814)', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 60_000 });
    const waits = world.waits();
    const worker = world.worker({
      kinds: { any: { client: world.client, backoff: { startingDelay: 60_000 } } },
    });
    await waits.add(name, { kind: 'any' });
    const result = waits.waitForDone(name).catch((thrown: unknown) => thrown);
    await until(async () => (await world.job(name)).progress !== 0, { ...soon, what: 'a step' });
    await worker.close();
    // As the engine's fault would have it.
    const job = await world.job(name);
    await until(
      async () =>
        job.promote().then(
          () => true,
          () => false,
        ),
      { ...soon, what: 'it is promoted' },
    );
    const thief = workerOf(stage.engine(), world.queue);
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      ...soon,
      what: 'it ends',
    });
    await thief.close();
    expect(await result).toMatchObject({ code: Code.NOT_FOUND });
    expect(await waits.get(name)).toBeUndefined();
    await expect(waits.cancel(name)).rejects.toMatchObject({ code: Code.NOT_FOUND });
    await waits.add(name, { kind: 'any' });
    expect(await waits.get(name)).toMatchObject({ name });
    world.worker();
    await waits.cancel(name);
    await expect(waits.waitForDone(name)).rejects.toMatchObject({ code: Code.CANCELLED });
  });

  test('no job of hundreds of steps ends without a verdict', async () => {
    const world = stage.world();
    const waits = world.waits();
    world.worker();
    world.worker();
    const names = Array.from(
      { length: 30 },
      () => world.fake.start({ duration: 5_000, response: 'made' }).name,
    );
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    const results = await Promise.all(names.map((name) => waits.waitForDone(name)));
    expect(new Set(results)).toEqual(new Set(['made']));
    expect(world.calls.length).toBeGreaterThan(150);
    const ended = await world.raw.getJobs(['completed']);
    const lost = ended.filter(
      ({ progress }) => (progress as { verdict?: unknown }).verdict === undefined,
    );
    console.log(
      `${lost.length} of ${ended.length} jobs ended without a verdict, in ${world.calls.length} steps`,
    );
    expect(lost).toEqual([]);
  });

  test('what a worker writes that has lost a wait does not hide how it ended', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      ...soon,
      what: 'it ends',
    });
    const job = await world.job(name);
    const { state } = job.data as { readonly state: unknown };
    await job.updateProgress({ version: 1, state });
    expect(await waits.waitForDone(name)).toBe('made');
    expect(await waits.get(name)).toMatchObject({ verdict: { operation: { response: 'made' } } });
    await waits.add(name, { kind: 'any' });
    await waits.cancel(name);
    await world.handled();
    expect(world.done).toHaveLength(1);
    expect(world.calls).toHaveLength(1);
  });
});
