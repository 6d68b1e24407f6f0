import { mock } from 'node:test';

import { waitForDone } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { afterEach, expect, test } from 'vitest';

const script = { duration: 3_600_000, progress: true, response: 'made' };
const realImmediate = setImmediate;

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

async function callsByVirtualTime(): Promise<number> {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  await scheduler.runUntil(waitForDone(fake.client, fake.start(script), { scheduler }));
  return fake.calls.length;
}

async function callsByMockTimers(): Promise<number> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const fake = new FakeOperations();
  const end = { isReached: false };
  const wait = waitForDone(fake.client, fake.start(script)).finally(() => {
    end.isReached = true;
  });
  for (let second = 0; second < 4000 && !end.isReached; second += 1) {
    mock.timers.tick(1000);
    await new Promise((resolve) => {
      realImmediate(resolve);
    });
  }
  expect(await wait).toBe('made');
  return fake.calls.length;
}

// The mock timers of Node leave `performance.now` as it is.
test('the timers of node:test need a `performance.now` that goes with them [report 7]', async () => {
  const expected = await callsByVirtualTime();
  mock.method(performance, 'now', () => Date.now());
  const calls = await callsByMockTimers();
  mock.restoreAll();
  mock.timers.reset();
  const callsWithout = await callsByMockTimers();
  console.log(
    `calls by virtual time: ${expected}, mock timers: ${calls}, without: ${callsWithout}`,
  );
  expect(Math.abs(calls - expected)).toBeLessThanOrEqual(expected / 4);
  expect(callsWithout).toBeGreaterThan(10 * calls);
});
