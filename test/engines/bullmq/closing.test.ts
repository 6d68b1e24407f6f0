import type { AbortSignalLike } from 'rx-lro';
import { expect, test } from 'vitest';

import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';

onEngines('closing', (stage) => {
  test('a worker that is closed finishes its steps, and leaves no stalled job', async () => {
    const world = stage.world();
    const waits = world.waits();
    const names = Array.from({ length: 20 }, () => world.fake.start({ duration: 60_000 }).name);
    world.slowness = 300;
    const worker = world.worker();
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    await until(() => world.calls.length >= 10, { within: 5_000, what: 'calls' });
    await worker.close();
    const { length } = world.calls;
    expect(await world.raw.getActiveCount()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(world.calls).toHaveLength(length);
    // Each call that was made has been saved.
    const jobs = await Promise.all(names.map((name) => world.job(name)));
    const saved = jobs.filter(({ progress }) => progress !== 0);
    expect(saved).toHaveLength(new Set(world.calls.map(({ name }) => name)).size);
    expect(world.events).toEqual([]);
  });

  test('a worker that is closed in time gives up what hangs, and another one takes it', async () => {
    const world = stage.world();
    const waits = world.waits();
    const { name } = world.fake.start({ duration: 0, response: 'made' });
    const asked: string[] = [];
    const aborted: string[] = [];
    const never = (what: string, signal?: AbortSignalLike): Promise<never> => {
      asked.push(what);
      signal?.addEventListener('abort', () => aborted.push(what));
      return new Promise(() => undefined);
    };
    const worker = world.worker({
      kinds: {
        any: { client: world.client },
        hanging: { client: { get: (_, { signal }) => never('a call', signal) } },
      },
      onDone: ({ signal }) => never('a handler', signal),
    });
    await waits.add(name, { kind: 'any' });
    await waits.add('operations/hanging', { kind: 'hanging' });
    await until(() => asked.length === 2, { within: 5_000, what: 'both' });
    const begun = Date.now();
    await worker.close({ timeout: 300 });
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(aborted.toSorted()).toEqual(['a call', 'a handler']);
    expect(world.events.map(({ type }) => type)).toEqual(['given-up', 'given-up']);
    // At once: nobody waits until a lock has expired.
    world.worker();
    await until(() => world.done.length === 1, { within: 5_000, what: 'it is handled' });
    expect(world.done).toMatchObject([{ name, attempt: 2 }]);
    expect(world.calls).toHaveLength(1);
  });

  test('a close that waits can be told to wait no longer', async () => {
    const world = stage.world();
    const waits = world.waits();
    const { name } = world.fake.start({ duration: 0 });
    let runs = 0;
    const worker = world.worker({
      onDone: () => {
        runs += 1;
        return new Promise(() => undefined);
      },
    });
    await waits.add(name, { kind: 'any' });
    await until(() => runs === 1, { within: 5_000, what: 'a run' });
    const closing = worker.close();
    await expect(worker.close({ timeout: -1 })).rejects.toThrow(RangeError);
    expect(world.events).toEqual([]);
    await worker.close({ timeout: 0 });
    await closing;
    // BullMQ may have asked for one more job by then, which is given up as well.
    expect(new Set(world.events.map(({ type }) => type))).toEqual(new Set(['given-up']));
  });

  test('nothing is left of what is closed: no timer, no socket', async () => {
    const world = stage.world();
    await world.raw.waitUntilReady();
    const kinds = (): string[] =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => /Timeout|TCP|Pipe/.test(kind))
        .toSorted();
    const before = kinds();
    const { name } = world.fake.start({ duration: 200, response: 'made' });
    const waits = world.waits();
    const worker = world.worker();
    await waits.add(name, { kind: 'any' });
    await waits.waitForDone(name);
    const watching = waits.waitForDone('operations/other').catch(() => undefined);
    await waits.close();
    await worker.close();
    await watching;
    await until(() => kinds().length <= before.length, { within: 5_000, what: 'all is closed' });
    // Once more does nothing.
    await waits.close();
    await worker.close();
    expect(kinds().length).toBeLessThanOrEqual(before.length);
  });

  test('a watcher that leaves leaves nothing behind', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 60_000 });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const seen: unknown[] = [];
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const subscriptions = Array.from({ length: 200 }, () =>
      waits.poll(name).subscribe((operation) => seen.push(operation)),
    );
    await until(() => seen.length >= 200, { within: 10_000, what: 'snapshots' });
    expect(timers()).toBeGreaterThan(200);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect(timers()).toBeLessThan(100);
  });
});
