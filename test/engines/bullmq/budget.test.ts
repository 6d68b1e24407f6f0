import { expect, test } from 'vitest';

import { mostWithin } from '../../support/durable/operation-record.js';
import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';

onEngines('budget', (stage) => {
  test('all workers together make no more calls than the budget, and use it', async () => {
    const world = stage.world();
    const waits = world.waits();
    const names = Array.from({ length: 60 }, () => world.fake.start({ duration: 60_000 }).name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    for (let count = 0; count < 3; count += 1) world.worker({ callsPerSecond: 40 });
    await until(() => world.calls.length >= 160, { within: 20_000, what: 'calls' });
    const times = world.calls.map(({ time }) => time).toSorted((a, b) => a - b);
    const seconds = (times.at(-1)! - times[0]!) / 1_000;
    console.log(`${(160 / seconds).toFixed(1)} calls per second, of 40`);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(60);
    expect(mostWithin(times, 3_000)).toBeLessThanOrEqual(1.1 * 120);
    expect(160 / seconds).toBeGreaterThan(0.85 * 40);
  });

  test('a budget may be below one call per second', async () => {
    const world = stage.world();
    const waits = world.waits();
    const names = Array.from({ length: 4 }, () => world.fake.start({ duration: 60_000 }).name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    world.worker({ callsPerSecond: 0.5 });
    world.worker({ callsPerSecond: 0.5 });
    await until(() => world.calls.length >= 3, { within: 20_000, what: 'calls' });
    const [first, second, third] = world.calls.map(({ time }) => time);
    expect(second! - first!).toBeGreaterThan(1_900);
    expect(third! - second!).toBeGreaterThan(1_900);
    expect(third! - first!).toBeLessThan(8_000);
  });

  test('no more calls are under way at once than a process may have', async () => {
    const world = stage.world();
    const waits = world.waits();
    const names = Array.from({ length: 30 }, () => world.fake.start({ duration: 60_000 }).name);
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    world.slowness = 100;
    world.worker({ callsInFlight: 3 });
    await until(() => world.calls.length >= 30, { within: 20_000, what: 'calls' });
    expect(world.mostInFlight()).toBe(3);
  });
});
