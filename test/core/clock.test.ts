import { VirtualTimeScheduler, asyncScheduler } from 'rxjs';
import { expect, it } from 'vitest';

import { getOperation, type OperationEvent } from 'rx-lro';
import { realTime, wallTime } from '../../src/core/platform/clock.js';

it('the wall time of the default scheduler is milliseconds since the epoch [report 9]', () => {
  const before = Date.now();
  const time = wallTime(realTime);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
  expect(wallTime(realTime, realTime.now())).toBeGreaterThanOrEqual(before);
});

it("the wall time of a user's scheduler is its own clock [report 9]", () => {
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = 70;
  expect(wallTime(scheduler)).toBe(70);
  expect(wallTime(scheduler, 60)).toBe(60);
  const before = Date.now();
  expect(wallTime(asyncScheduler)).toBeGreaterThanOrEqual(before);
});

it('the time of a `metadata-mismatch` event is the wall time [report 9]', async () => {
  const timesOf = async (options: object): Promise<number[]> => {
    const times: number[] = [];
    const client = { get: async () => ({ name: 'operations/1', done: true, metadata: 'odd' }) };
    await getOperation(client, 'operations/1', {
      ...options,
      metadata: () => {
        throw new TypeError('odd');
      },
      onEvent: (event: OperationEvent) => {
        if (event.type === 'metadata-mismatch') times.push(event.time);
      },
    });
    return times;
  };
  const before = Date.now();
  const [time, ...more] = await timesOf({});
  expect(more).toEqual([]);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = 70;
  expect(await timesOf({ scheduler })).toEqual([70]);
});
