import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { poll, progressBackoff, waitForDone, type Backoff, type BackoffFunction } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { backoffOf } from '../support/backoff-of.js';
import {
  addProgress,
  estimateEnd,
  type ProgressHistory,
} from '../../src/core/policy/progress-history.js';
import { LATENCY, inSteps, snapshotOf, watchOperation } from '../support/simulated-polling.js';

const optionsOf = fc.record({
  startingDelay: fc.integer({ min: 0, max: 5_000 }),
  timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
  maxDelay: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constant(Infinity)),
});

const gaps = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  // A scheduler whose clock is set back.
  fc.integer({ min: -100_000, max: -1 }),
);

const percentages = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.integer({ min: 0, max: 4 }).map((quarters) => quarters * 25),
);

const answers = fc.array(
  fc.record({ gap: gaps, percent: fc.option(percentages, { nil: undefined }) }),
  { minLength: 1, maxLength: 40 },
);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('whatever the progress', () => {
  test('a delay is plain, or within half of the estimated rest and both limits', () => {
    fc.assert(
      fc.property(optionsOf, answers, (options, seen) => {
        const { startingDelay, maxDelay } = options;
        const backoff = progressBackoff(options);
        const plain = backoffOf(options);
        const memory = {};
        let history: ProgressHistory | undefined;
        let elapsed = 0;
        for (const [index, { gap, percent }] of seen.entries()) {
          elapsed += gap;
          const operation = snapshotOf(percent === undefined ? undefined : percent / 100);
          const context = { attempt: index + 1, elapsed, delay: 0, operation, memory };
          const delay = backoff(context);
          if (percent === undefined) {
            expect(delay).toBe(plain(context));
            continue;
          }
          const progress = ((percent / 100) * 100) / 100;
          history = addProgress(history, index + 1, elapsed, progress);
          const estimate = estimateEnd(history, elapsed);
          if (estimate === undefined) {
            expect(delay).toBe(plain(context));
            continue;
          }
          const rest = Math.max(estimate.rest, estimate.doubt + 2 * startingDelay);
          expect(delay).toBeLessThanOrEqual(Math.max(startingDelay, rest / 2));
          expect(delay).toBeLessThanOrEqual(Math.min(maxDelay, 2 ** 31 - 1));
          expect(delay).toBeGreaterThanOrEqual(Math.min(startingDelay, maxDelay));
        }
      }),
    );
  });

  test('of even progress it is within half of what is truly left, give or take a step and a call', () => {
    const durationOf = fc.integer({ min: 1_000, max: 10_000_000 });
    const stepsOf = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(optionsOf, stepsOf, durationOf, (options, steps, duration) => {
        // What takes thousands of calls takes the test too long.
        fc.pre(Math.min(options.startingDelay, options.maxDelay) * 1_000 > duration);
        const backoff = progressBackoff(options);
        const plain = backoffOf(options);
        let calledAt = 0;
        watchOperation(duration, inSteps(steps), (context) => {
          const delay = backoff(context);
          const gap = context.elapsed - calledAt + LATENCY;
          calledAt = context.elapsed;
          const rest = Math.max(0, duration - context.elapsed);
          const most = options.startingDelay + rest / 2 + duration / steps + gap;
          if (delay !== plain(context)) expect(delay).toBeLessThanOrEqual(most);
          return delay;
        });
      }),
    );
  });

  test('the calls for one operation are at the most three times those of plain backoff', () => {
    const points = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    const steps = fc.constantFrom(4, 10, 100, 1e9);
    const durationOf = fc.integer({ min: 500, max: 7_200_000 });
    fc.assert(
      fc.property(points, points, steps, durationOf, (times, values, count, duration) => {
        const course = inSteps(count, through(times, values));
        const plain = watchOperation(duration, () => undefined, backoffOf({}));
        const aware = watchOperation(duration, course, progressBackoff());
        expect(aware.calls).toBeLessThanOrEqual(3 * plain.calls);
      }),
    );
  });

  test('progress in no time at all, as on a clock that stands still, is no delay that is none', () => {
    const backoff = progressBackoff({ startingDelay: 0, timeMultiple: 2, maxDelay: 1_000 });
    const memory = {};
    const delays = [0, 0.5, 0.75, 1].map((progress, index) => {
      const operation = { name: 'operations/1', done: false, metadata: { progress } };
      return backoff({ attempt: index + 1, elapsed: 0, delay: 0, operation, memory });
    });
    expect(delays).toEqual([0, 0, 0, 0]);
  });

  test('a server whose clock is off changes nothing: only times of our own count', () => {
    const from = (start: number): number[] => {
      const backoff = progressBackoff();
      const memory = {};
      return [1, 2, 3, 4, 5].map((attempt) => {
        const startTime = new Date(start).toISOString();
        const metadata = { progressPercent: attempt * 10, startTime };
        const operation = { name: 'operations/1', done: false, metadata };
        return backoff({ attempt, elapsed: attempt * 1_000, delay: 0, operation, memory });
      });
    };
    expect(from(0)).toEqual(from(Date.now() + 86_400_000));
  });
});

/** Goes straight from each point to the next, and never back. */
function through(times: readonly number[], values: readonly number[]): (part: number) => number {
  const length = Math.min(times.length, values.length);
  const ordered = (list: readonly number[]): number[] =>
    list.slice(0, length).toSorted((one, other) => one - other);
  const [from, to] = [
    [0, ...ordered(times), 1],
    [0, ...ordered(values), 1],
  ];
  return (part) => {
    const next = Math.max(
      1,
      from.findIndex((time) => time >= part),
    );
    const [start = 0, end = 1] = [from[next - 1], from[next]];
    const [low = 0, high = 1] = [to[next - 1], to[next]];
    return end === start ? high : low + ((part - start) / (end - start)) * (high - low);
  };
}

describe('without progress', () => {
  const silent = fc.constantFrom(undefined, null, {}, 'text', { state: 'RUNNING', percent: 5 });

  test('it is plain backoff, to the millisecond, and nothing is remembered', () => {
    const memory = {};
    fc.assert(
      fc.property(optionsOf, fc.array(fc.tuple(gaps, silent)), (options, seen) => {
        const backoff = progressBackoff(options);
        const plain = backoffOf(options);
        let elapsed = 0;
        for (const [index, [gap, metadata]] of seen.entries()) {
          elapsed += gap;
          const operation = { name: 'operations/1', done: false, metadata };
          const context = { attempt: index + 1, elapsed, delay: 0, operation, memory };
          expect(backoff(context)).toBe(plain(context));
        }
        expect(memory).toEqual({});
      }),
    );
  });

  test('nor does it do more until progress has moved', () => {
    const backoff = progressBackoff();
    const plain = backoffOf({});
    const memory = {};
    for (let attempt = 1; attempt < 50; attempt += 1) {
      const operation = snapshotOf(0.4);
      const context = { attempt, elapsed: attempt * 1_000, delay: 0, operation, memory };
      expect(backoff(context)).toBe(plain(context));
    }
  });
});

/** The delays for progress that is 10 % more each second, from 0 on. */
function delaysOf(backoff: BackoffFunction, count = 6): number[] {
  const memory = {};
  return Array.from({ length: count }, (_, index) =>
    backoff({
      attempt: index + 1,
      elapsed: index * 1_000,
      delay: 0,
      operation: snapshotOf(index / 10),
      memory,
    }),
  );
}

describe('the numbers', () => {
  it('with 0 for the longest delay there is none', () => {
    expect(delaysOf(progressBackoff({ maxDelay: 0 }))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('with 0 for the first delay there is only what the estimate gives', () => {
    const [first, , third, ...later] = delaysOf(progressBackoff({ startingDelay: 0 }));
    expect(first).toBe(0);
    // No longer than it has been watched, and then half of the rest.
    expect(third).toBe(2_000);
    expect(later.every((delay) => delay > 1_000 && delay <= 3_500)).toBe(true);
  });

  it('with full jitter every delay is a random part of itself', () => {
    const whole = delaysOf(progressBackoff());
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const half = delaysOf(progressBackoff({ jitter: 'full' }));
    expect(half).toEqual(whole.map((delay) => Math.round(delay / 2)));
  });

  it.each([{ startingDelay: -1 }, { timeMultiple: 0.5 }, { maxDelay: Number.NaN }])(
    'are refused when they are %o',
    (options) => {
      expect(() => progressBackoff(options)).toThrow(/backoff\.\w+/);
    },
  );
});

describe('numbers that do not grow', () => {
  it('are even delays for the option, and go up to maxDelay for progressBackoff', () => {
    const delaysWith = (backoff: BackoffFunction): number[] => {
      const memory = {};
      return [1, 2, 3, 4, 5, 6].map((attempt) => {
        const metadata = { progressPercent: attempt };
        const operation = { name: 'operations/1', done: false, metadata };
        return backoff({ attempt, elapsed: attempt * 60_000, delay: 0, operation, memory });
      });
    };
    const even = { startingDelay: 2_000, timeMultiple: 1 };
    expect(new Set(delaysWith(backoffOf(even)))).toEqual(new Set([2_000]));
    const delays = delaysWith(progressBackoff({ ...even, maxDelay: 30_000 }));
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([2_000, 30_000]);
  });
});

describe('one backoff', () => {
  const contextOf = (attempt: number, progress: number, elapsed = attempt * 1_000) => ({
    attempt,
    elapsed,
    delay: 0,
    operation: snapshotOf(progress),
    memory: {},
  });

  test('keeps many waits apart', () => {
    const shared = progressBackoff();
    const [one, other] = [{}, {}];
    const delays = [1, 2, 3, 4].map((attempt) => {
      shared({ ...contextOf(attempt, 1 - attempt * 0.2), memory: other });
      return shared({ ...contextOf(attempt, attempt * 0.2), memory: one });
    });
    const own = progressBackoff();
    const expected = [1, 2, 3, 4].map((attempt) =>
      own({ ...contextOf(attempt, attempt * 0.2), memory: one }),
    );
    expect(delays).toEqual(expected);
    // The estimate is at work: it is not the plain delay.
    expect(delays[3]).not.toBe(backoffOf({})(contextOf(4, 0.8)));
  });

  test('is plain with a new memory at each call: it keeps nothing elsewhere', () => {
    const backoff = progressBackoff();
    const plain = backoffOf({});
    for (const attempt of [1, 2, 3, 4]) {
      const context = contextOf(attempt, attempt * 0.2);
      expect(backoff(context)).toBe(plain(context));
    }
  });

  test('begins again when the operation is cancelled', () => {
    const backoff = progressBackoff();
    const plain = backoffOf({});
    const memory = {};
    for (const attempt of [1, 2, 3, 4]) backoff({ ...contextOf(attempt, attempt * 0.1), memory });
    // From now on as if it had not been watched before.
    const fresh = progressBackoff();
    const sameMemory = {};
    for (const attempt of [1, 2, 3, 4, 5]) {
      const context = contextOf(attempt, 0.4 + attempt * 0.1, 5_000 + attempt * 1_000);
      const delay = backoff({ ...context, memory });
      expect(delay).toBe(fresh({ ...context, memory: sameMemory }));
      if (attempt <= 2) expect(delay).toBe(plain(context));
    }
  });
});

describe('poll', () => {
  const hour = 3_600_000;

  async function outcomeOf(backoff: Backoff | undefined): Promise<{ late: number; calls: number }> {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler, latency: 25 });
    const { name } = fake.start({ duration: hour, progress: true, response: 'film' });
    await scheduler.runUntil(waitForDone(fake.client, name, { scheduler, backoff }));
    return { late: scheduler.now() - hour, calls: fake.calls.length };
  }

  test('uses progress by default, and numbers mean exactly those delays', async () => {
    const plain = await outcomeOf(backoffOf({}));
    const aware = await outcomeOf(progressBackoff());
    expect(aware.late).toBeLessThan(plain.late / 2);
    expect(aware.calls).toBeLessThan(1.05 * plain.calls);
    expect(await outcomeOf(undefined)).toEqual(aware);
    expect(await outcomeOf({})).toEqual(plain);
    const numbers = { maxDelay: 30_000 };
    expect(await outcomeOf(numbers)).toEqual(await outcomeOf(backoffOf(numbers)));
    expect(await outcomeOf(numbers)).not.toEqual(await outcomeOf(progressBackoff(numbers)));
  });

  test('gives every wait a memory of its own, a plain object', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const memories: unknown[] = [];
    const backoff: BackoffFunction = ({ memory }) => {
      memory['isUsed'] = true;
      memories.push(memory);
      return 100;
    };
    for (const distinct of [1, 2]) {
      const { name } = fake.start({ duration: 250, response: 1 });
      const operation$ = poll(fake.client, name, { scheduler, backoff });
      await scheduler.runUntil(lastValueFrom(operation$));
      expect(new Set(memories).size).toBe(distinct);
    }
    expect(memories.length).toBeGreaterThan(2);
    for (const memory of memories) expect(Object.getPrototypeOf(memory)).toBe(Object.prototype);
  });
});
