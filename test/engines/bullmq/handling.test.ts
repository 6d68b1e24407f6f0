import { responseOf } from 'rx-lro/step';
import { DelayedError, UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';

import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';

onEngines('handling', (stage) => {
  test('a handler that throws three times runs four times with one key, and no call is made for it', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    // Errors that mean something to BullMQ mean nothing here.
    const errors = [
      new Error('bullmq:rateLimitExceeded'),
      new UnrecoverableError('two'),
      new DelayedError('three'),
    ];
    const runs: string[] = [];
    world.worker({
      onDone: ({ key, attempt, verdict }) => {
        runs.push(`${key} ${attempt} ${String(responseOf(verdict))}`);
        const error = errors[attempt - 1];
        if (error !== undefined) throw error;
      },
    });
    await waits.add(name, { kind: 'any' });
    await until(() => runs.length === 1, { within: 5_000, what: 'a run' });
    expect(await waits.waitForDone(name)).toBe('made');
    expect(runs).toHaveLength(1);
    await until(() => runs.length === 4, { within: 30_000, what: 'four runs' });
    const [key = ''] = runs[0]!.split(' ');
    expect(key).toContain(`${world.queue}:wait-${name}:`);
    expect(runs).toEqual([1, 2, 3, 4].map((attempt) => `${key} ${attempt} made`));
    expect(world.calls).toHaveLength(1);
    const failures = world.events.filter(({ type }) => type === 'handler-failed');
    expect(failures).toMatchObject(
      errors.map((error, index) => ({ name, error, attempt: index + 1 })),
    );
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      within: 5_000,
      what: 'it ends',
    });
    expect(await waits.waitForDone(name)).toBe('made');
  });

  test('a handler that always throws loses nothing', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    let runs = 0;
    const bad = world.worker({
      onDone: async () => {
        runs += 1;
        await Promise.reject(new Error('always'));
      },
    });
    await waits.add(name, { kind: 'any' });
    await until(() => runs >= 3, { within: 10_000, what: 'three runs' });
    const job = await world.job(name);
    expect(job.finishedOn).toBeUndefined();
    expect(job.stacktrace).toHaveLength(1);
    expect(job.failedReason).toBe('It threw: always');
    await bad.close();
    // A release with the fault repaired.
    world.worker();
    await until(() => world.done.length === 1, { within: 20_000, what: 'it is handled' });
    expect(world.calls).toHaveLength(1);
    expect(await waits.waitForDone(name)).toBe('made');
  });

  test('a handler that takes longer than the lock runs once', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    let runs = 0;
    const slow = {
      onDone: async (): Promise<void> => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 12_000));
      },
    };
    world.worker(slow);
    world.worker(slow);
    await waits.add(name, { kind: 'any' });
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      within: 20_000,
      what: 'it ends',
    });
    expect(runs).toBe(1);
    expect(world.events).toEqual([]);
  });

  test('a worker without a handler ends waits as well', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const waits = world.waits();
    world.worker({ onDone: undefined });
    await waits.add(name, { kind: 'any' });
    expect(await waits.waitForDone(name)).toBe('made');
  });
});
