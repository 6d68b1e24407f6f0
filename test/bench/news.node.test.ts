import { expect, it } from 'vitest';

import { inFakeWorld } from './news/fake-world.js';
import { compareWithGax, OPERATIONS, SEED } from './news/news-tables.js';
import { newsSubjects, notified, own as polling } from './news/news-subjects.js';
import { measureNews, type NewsSubject } from './news/news.js';
import { drawDurations, durationSets, logUniform } from './news/sets.js';

const work = { set: logUniform, operations: OPERATIONS, seed: SEED };

it('by default, is worse than google-gax in none of calls, delay and relative delay', async () => {
  const { own, gax } = await compareWithGax();
  expect(own.calls).toBeLessThanOrEqual(gax.calls);
  expect(own.delay).toBeLessThanOrEqual(gax.delay);
  expect(own.relative).toBeLessThanOrEqual(gax.relative);
}, 60_000);

it.each(durationSets)(
  'a notifier up to 1 s late brings the result within 1.1 s, for no more calls than polling and one: $name',
  async (set) => {
    const [polled, told] = [
      await measureNews(polling, { ...work, set }),
      await measureNews(notified, { ...work, set }),
    ];
    expect(told.delay).toBeLessThan(1_100);
    expect(told.delay).toBeLessThan(polled.delay / 2);
    expect(told.calls).toBeLessThanOrEqual(polled.calls + 1);
  },
  60_000,
);

it('measures the same each time', async () => {
  const subject = newsSubjects.find(({ name }) => name === '@smithy/util-waiter')!;
  const news = await measureNews(subject, work);
  expect(await measureNews(subject, work)).toEqual(news);
  expect(news.calls).toBeGreaterThan(5);
});

it('measures what can be reckoned', async () => {
  const subject: NewsSubject = {
    name: 'once a minute',
    prepare: async (service) => async (name) => {
      while (!(await service.get(name)).done) {
        await new Promise((resolve) => void setTimeout(resolve, 60_000));
      }
    },
  };
  const news = await measureNews(subject, { ...work, operations: 100 });
  const durations = drawDurations(logUniform, 100, SEED);
  const looks = durations.map((duration) => Math.ceil((duration - 25) / 60_050));
  const delays = looks.map((look, index) => look * 60_050 + 50 - durations[index]!);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / 100;
  expect(news.calls).toBeCloseTo(mean(looks) + 1, 6);
  expect(news.delay).toBeCloseTo(mean(delays), 3);
});

it.each(durationSets)('draws of $name what it says', (set) => {
  const durations = drawDurations(set, 10_000, SEED);
  const middle = durations[5_000]!;
  expect(durations.every((duration) => duration > 0 && duration <= 4 * 3_600_000)).toBe(true);
  expect(durations).toEqual(drawDurations(set, 10_000, SEED));
  expect(set.at(0.4999)).toBeLessThan(middle);
  expect(set.at(0.5002)).toBeGreaterThan(middle);
});

it('lets time go on only once all promises are settled', async () => {
  const times = await inFakeWorld(Math.random, async () => {
    const seen: number[] = [];
    const timer = new Promise<void>((resolve) => void setTimeout(resolve, 10));
    for (let link = 0; link < 1_000; link += 1) await Promise.resolve();
    seen.push(performance.now());
    await timer;
    seen.push(performance.now());
    await new Promise((resolve) => void setImmediate(resolve));
    seen.push(performance.now());
    return seen;
  });
  expect(times).toEqual([0, 10, 10]);
});

it('runs timers in their order, and none that is cleared', async () => {
  const order: unknown[] = [];
  await inFakeWorld(Math.random, async () => {
    for (const delay of [30, 10, 20, 10, 25]) setTimeout(() => order.push(delay), delay);
    clearTimeout(setTimeout(() => order.push('cleared'), 5));
    const ticks = setInterval(() => order.push('tick'), 12);
    await new Promise((resolve) => void setTimeout(resolve, 40));
    clearInterval(ticks);
  });
  expect(order).toEqual([10, 10, 'tick', 20, 'tick', 25, 30, 'tick']);
});

it('leaves the real world as it was', async () => {
  const before = [setTimeout, setInterval, setImmediate, Date.now, performance.now, Math.random];
  await expect(inFakeWorld(Math.random, () => new Promise(() => undefined))).rejects.toThrow(
    'nothing more to wait for',
  );
  const after = [setTimeout, setInterval, setImmediate, Date.now, performance.now, Math.random];
  expect(after).toEqual(before);
});
