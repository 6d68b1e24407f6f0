import { expect, test } from 'vitest';

import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';

// In milliseconds; longer than the lock of a job.
const outage = 12_000;

onEngines('outage', (stage) => {
  test('an engine that is away for a while loses nothing, and is told of once by each', async () => {
    const world = stage.world();
    const engine = stage.engine();
    const thrown: unknown[] = [];
    const onThrown = (error: unknown): unknown => thrown.push(error);
    process.on('unhandledRejection', onThrown);
    process.on('uncaughtException', onThrown);
    const waits = world.waits();
    const names = Array.from(
      { length: 20 },
      (_, index) => world.fake.start({ duration: 1_000 + 400 * index, response: index }).name,
    );
    const worker = world.worker();
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    const results = Promise.all(names.map((name) => waits.waitForDone(name)));
    await until(() => world.done.length >= 2, { within: 20_000, what: 'some are handled' });
    await engine.kill();
    // Redis takes it once it is back, PostgreSQL has it asked for again.
    const late = world.fake.start({ name: 'operations/late', duration: 0 });
    const add = (): Promise<boolean> =>
      waits.add(late, { kind: 'any' }).then(
        () => true,
        () => false,
      );
    const added = until(add, { within: 60_000, what: 'it is added', every: 500 });
    await new Promise((resolve) => setTimeout(resolve, outage));
    await engine.restart();
    await added;
    expect(await results).toEqual(names.map((_, index) => index));
    await waits.waitForDone('operations/late');
    const handled = new Set(world.done.map(({ name }) => name));
    await until(() => new Set(world.done.map(({ name }) => name)).size === 21, {
      within: 30_000,
      what: 'all are handled',
    });
    expect(handled.size).toBeGreaterThanOrEqual(20);
    await until(() => world.events.filter(({ type }) => type === 'engine-back').length >= 2, {
      within: 30_000,
      what: 'it is told to be back',
    });
    const told = world.events
      .map((event) => (event.type === 'engine-error' ? String(event.error) : event.type))
      .toSorted();
    expect(told).toEqual(['engine-away', 'engine-away', 'engine-back', 'engine-back']);
    expect(world.done.length).toBeLessThanOrEqual(21 + 5);
    await worker.close();
    process.off('unhandledRejection', onThrown);
    process.off('uncaughtException', onThrown);
    expect(thrown).toEqual([]);
  });

  test('a process can be closed while the engine is away', async () => {
    const world = stage.world();
    const engine = stage.engine();
    const waits = world.waits();
    const worker = world.worker();
    const { name } = world.fake.start({ duration: 60_000 });
    await waits.add(name, { kind: 'any' });
    const result = waits.waitForDone(name).catch((error: unknown) => error);
    await until(() => world.calls.length > 0, { within: 5_000, what: 'a call' });
    await engine.kill();
    await until(() => world.events.length >= 2, { within: 20_000, what: 'events' });
    const begun = Date.now();
    await Promise.all([waits.close(), worker.close()]);
    console.log(`closed in ${Date.now() - begun} ms`);
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(String(await result)).toContain('closed in this process');
    await engine.restart();
  });

  test.each([0, 150])('a process can be closed %i ms after the engine went away', async (delay) => {
    const world = stage.world();
    const engine = stage.engine();
    const waits = world.waits();
    const workers = [world.worker(), world.worker()];
    const names = Array.from({ length: 4 }, () => world.fake.start({ duration: 60_000 }).name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    const results = names.map((name) => waits.waitForDone(name).catch((error: unknown) => error));
    await until(() => world.calls.length > 8, { within: 5_000, what: 'calls' });
    await engine.kill();
    await new Promise((resolve) => setTimeout(resolve, delay));
    const begun = Date.now();
    await Promise.all([waits.close(), ...workers.map((worker) => worker.close())]);
    expect(Date.now() - begun).toBeLessThan(10_000);
    for (const result of results) expect(String(await result)).toContain('closed in this process');
    await engine.restart();
  });

  test('an engine that goes away while a worker is closed does not hold it up', async () => {
    const world = stage.world();
    const engine = stage.engine();
    const waits = world.waits();
    let runs = 0;
    const worker = world.worker({
      onDone: () => {
        runs += 1;
        return new Promise(() => undefined);
      },
    });
    const { name } = world.fake.start({ duration: 0 });
    await waits.add(name, { kind: 'any' });
    await until(() => runs === 1, { within: 5_000, what: 'a run' });
    const closing = worker.close();
    // By then it has found the engine to be there.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await engine.kill();
    const begun = Date.now();
    await closing;
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(world.events.map(({ type }) => type)).toContain('given-up');
    await waits.close();
    await engine.restart();
  });
});
