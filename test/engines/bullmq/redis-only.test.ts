import { DelayedError } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

import { queueOf } from '../../support/durable/engines.js';
import { until } from '../../support/durable/until.js';
import { workerOf } from './bare-worker.js';
import { onEngines, type Stage } from './on-engines.js';

onEngines('redis-only', only, 'redis');

function only(stage: Stage): void {
  const reach = (): Redis => new Redis({ port: stage.engine().port, maxRetriesPerRequest: null });

  test('a step whose lock is lost writes nothing', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 60_000 });
    const waits = world.waits();
    const redis = reach();
    world.slowness = 8_000;
    world.worker();
    await waits.add(name, { kind: 'any' });
    await until(() => world.calls.length > 0, { within: 5_000, what: 'a call' });
    // As if another worker had the job.
    await redis.set(`bull:${world.queue}:wait-${name}:lock`, 'other');
    await until(() => world.events.length > 0, { within: 15_000, what: 'an event' });
    expect(world.events).toMatchObject([{ type: 'lock-lost', job: `wait-${name}` }]);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await world.job(name)).progress).toBe(0);
    expect(world.events).toHaveLength(1);
    redis.disconnect();
  });

  test('a step takes one request more than a job that delays itself', async () => {
    const world = stage.world();
    const redis = reach();
    // With one job, a worker is told of its own markers: what that takes is BullMQ's affair.
    const jobs = 40;
    const steps = 400;
    /** How many scripts Redis runs for each step. */
    const perStep = async (count: () => number): Promise<number> => {
      await until(() => count() >= 80, { within: 5_000, what: 'steps' });
      const [scripts, before] = [await scriptsRun(redis), count()];
      await until(() => count() >= before + steps, { within: 20_000, what: 'steps' });
      return ((await scriptsRun(redis)) - scripts) / (count() - before);
    };

    let bareSteps = 0;
    const bareQueue = queueOf(stage.engine(), `${world.queue}-bare`);
    await bareQueue.addBulk(Array.from({ length: jobs }, () => ({ name: 'bare', data: {} })));
    const bare = workerOf(
      stage.engine(),
      `${world.queue}-bare`,
      async (job, token) => {
        bareSteps += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        await job.moveToDelayed(Date.now() + 100, token);
        throw new DelayedError();
      },
      { concurrency: 50 },
    );
    const ofBare = await perStep(() => bareSteps);
    await Promise.all([bare.close(), bareQueue.close()]);

    const waits = world.waits();
    const names = Array.from({ length: jobs }, () => world.fake.start({ duration: 60_000 }).name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    world.worker();
    const ofWait = await perStep(() => world.calls.length);
    console.log(`scripts for a step: ${ofWait.toFixed(2)}, of a bare job: ${ofBare.toFixed(2)}`);
    expect(ofWait - ofBare).toBeGreaterThan(0.25);
    expect(ofWait - ofBare).toBeLessThan(1.5);
    redis.disconnect();
  });

  test('a wait of 100 steps takes at most 2 kB', async () => {
    const world = stage.world();
    const redis = reach();
    const { name } = world.fake.start({ duration: 60_000, progress: true });
    const waits = world.waits();
    await waits.add(name, { kind: 'any' });
    world.worker({
      kinds: { any: { client: world.client, backoff: { startingDelay: 1, maxDelay: 1 } } },
    });
    await until(() => world.calls.length >= 100, { within: 30_000, what: '100 steps' });
    const keys = await redis.keys(`bull:${world.queue}:wait-*`);
    const sizes = await Promise.all(
      keys.map(async (key) => Number(await redis.memory('USAGE', key))),
    );
    const size = sizes.reduce((sum, each) => sum + each, 0);
    console.log(`a wait takes ${size} bytes`);
    expect(size).toBeGreaterThan(100);
    expect(size).toBeLessThanOrEqual(2_000);
    redis.disconnect();
  });

  test('an instance of ioredis is shared, and left open without a listener', async () => {
    const world = stage.world();
    const redis = reach();
    await redis.ping();
    const events = ['error', 'close', 'ready', 'end'];
    const before = events.map((event) => redis.listenerCount(event));
    const { name } = world.fake.start({ duration: 100, response: 'made' });
    const waits = world.waits({ connection: redis });
    const worker = world.worker({ connection: redis });
    await waits.add(name, { kind: 'any' });
    expect(await waits.waitForDone(name)).toBe('made');
    await Promise.all([waits.close(), worker.close()]);
    expect(events.map((event) => redis.listenerCount(event))).toEqual(before);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
}

/** How many scripts a Redis has run. */
async function scriptsRun(redis: Redis): Promise<number> {
  const info = await redis.info('commandstats');
  const counts = [...info.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)];
  return counts.reduce((sum, [, calls]) => sum + Number(calls), 0);
}
