import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { waitForDone, type BackoffContext } from 'rx-lro';
import { learnedBackoff, type SeenDuration } from 'rx-lro/learned';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { backoffOf } from '../support/backoff-of.js';
import { planOf } from '../../src/learned/plan.js';
import { logNormal, plain, randomNumbers, watchAll } from './simulation.js';

const contextAt = (
  elapsed: number,
  attempt: number = 1,
  memory: Record<string, unknown> = {},
): BackoffContext => ({
  attempt,
  elapsed,
  delay: 0,
  operation: { name: 'operations/1', done: false },
  memory,
});

const minutes = [118_000, 95_000, 171_000, 122_000, 140_000, 88_000];

const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
);
const anySeen: fc.Arbitrary<number | SeenDuration> = fc.oneof(
  anyTime,
  fc
    .tuple(anyTime, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([duration, part]) => ({ duration, within: part * duration })),
);
const anyPast = fc.array(anySeen, { maxLength: 30 });
const anyOptions = fc.record({
  startingDelay: fc.integer({ min: 0, max: 5_000 }),
  timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
  maxDelay: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constant(Infinity)),
  worth: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined }),
  maxFactor: fc.oneof(fc.double({ min: 1, max: 10, noNaN: true }), fc.constant(Infinity)),
});

describe('whatever the past', () => {
  test('a delay is finite, not below 0, and within its limits at any time', () => {
    fc.assert(
      fc.property(anyPast, anyOptions, fc.array(anyTime), (past, options, times) => {
        const backoff = learnedBackoff(past, options);
        const { startingDelay, timeMultiple, maxDelay, maxFactor } = options;
        for (const elapsed of times) {
          const delay = backoff(contextAt(elapsed));
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(2 ** 31 - 1);
          if (past.length < 5) continue;
          const plainDelay = Math.min(maxDelay, startingDelay + (timeMultiple - 1) * elapsed);
          expect(delay).toBeGreaterThanOrEqual(Math.min(startingDelay, plainDelay));
          if (maxFactor < Infinity) expect(delay).toBeLessThanOrEqual(maxFactor * plainDelay);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a wait of any length ends, with no more calls than time can hold', () => {
    fc.assert(
      fc.property(fc.array(anySeen, { minLength: 5, maxLength: 30 }), (past) => {
        const backoff = learnedBackoff(past);
        let elapsed = 0;
        let calls = 0;
        for (; elapsed < 3_600_000; calls += 1) elapsed += backoff(contextAt(elapsed, calls + 1));
        expect(calls).toBeLessThanOrEqual(3_600_000 / 275 + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('its order does not matter', () => {
    const orders = fc
      .array(anySeen, { minLength: 5, maxLength: 20 })
      .chain((past) =>
        fc.tuple(fc.constant(past), fc.shuffledSubarray(past, { minLength: past.length })),
      );
    fc.assert(
      fc.property(orders, fc.array(anyTime, { minLength: 5 }), ([past, shuffled], times) => {
        const [one, other] = [learnedBackoff(past), learnedBackoff(shuffled)];
        for (const elapsed of times) {
          expect(other(contextAt(elapsed))).toBe(one(contextAt(elapsed)));
        }
      }),
      { numRuns: 30 },
    );
  });

  test('fewer than 5 durations are plain backoff, to the millisecond', () => {
    const four = fc.array(anySeen, { maxLength: 4 });
    fc.assert(
      fc.property(four, anyOptions, fc.integer({ min: 1, max: 100 }), (past, options, attempt) => {
        const { startingDelay, timeMultiple, maxDelay } = options;
        const same = backoffOf({ startingDelay, timeMultiple, maxDelay });
        const context = contextAt(attempt * 1_000, attempt, {});
        expect(learnedBackoff(past, options)(context)).toBe(same(context));
      }),
    );
  });
});

describe('learned from some minutes', () => {
  it('makes its first call when the first may be over, and closer ones where the most are', () => {
    const backoff = learnedBackoff(minutes);
    const first = backoff(contextAt(0));
    expect(first).toBeGreaterThan(60_000);
    expect(first).toBeLessThan(100_000);
    const second = backoff(contextAt(first, 2));
    expect(second).toBeLessThan(first / 2);
  });

  it('goes on by plain backoff when all that is known should be over', () => {
    expect(learnedBackoff(minutes)(contextAt(250_000, 9))).toBeCloseTo(275 + 0.215 * 250_000, 6);
    expect(learnedBackoff(minutes)(contextAt(2_500_000, 9))).toBe(60_000);
  });

  it('does not ask again for what it has just asked for', () => {
    const backoff = learnedBackoff(minutes);
    const first = backoff(contextAt(0));
    // A timer may be early by a little, and a call may take no time.
    expect(backoff(contextAt(first - 1, 2))).toBeGreaterThan(1_000);
    // It may be late as well, or the call slow: the call after that is not put off.
    const second = first + backoff(contextAt(first, 2));
    expect(first + 2_000 + backoff(contextAt(first + 2_000, 2))).toBeCloseTo(second, 6);
  });

  it('asks the less often the more delay a call is worth', () => {
    const past = logNormal(randomNumbers(7), 50, 120_000, 0.5);
    const others = logNormal(randomNumbers(8), 200, 120_000, 0.5);
    const outcomes = [500, 2_000, 8_000].map((worth) =>
      watchAll(others, learnedBackoff(past, { worth })),
    );
    const [often, less, seldom] = outcomes;
    expect(often?.calls).toBeGreaterThan(less?.calls ?? NaN);
    expect(less?.calls).toBeGreaterThan(seldom?.calls ?? NaN);
    expect(often?.delay).toBeLessThan(less?.delay ?? NaN);
    expect(less?.delay).toBeLessThan(seldom?.delay ?? NaN);
  });

  it('is plain backoff once the operation is cancelled, for that wait alone', () => {
    const backoff = learnedBackoff(minutes);
    const [one, other] = [{}, {}];
    backoff(contextAt(50, 1, one));
    expect(backoff(contextAt(90_000, 2, one))).not.toBe(334.125);
    expect(backoff(contextAt(100_000, 1, one))).toBe(275);
    expect(backoff(contextAt(100_300, 2, one))).toBe(334.125);
    expect(backoff(contextAt(50, 1, other))).toBeGreaterThan(60_000);
  });

  it('knows two kinds apart that take seconds and minutes', () => {
    const draw = randomNumbers(3);
    const mixed = (count: number): number[] => [
      ...logNormal(draw, count, 2_000, 0.3),
      ...logNormal(draw, count, 600_000, 0.3),
    ];
    const backoff = learnedBackoff(mixed(25));
    const others = mixed(200);
    const learned = watchAll(others, backoff);
    const asEver = watchAll(others, plain);
    expect(learned.delay).toBeLessThan(1.05 * asEver.delay);
    expect(learned.calls).toBeLessThan(0.5 * asEver.calls);
    // Between the two there is next to nothing to ask for.
    expect(backoff(contextAt(20_000, 9))).toBeGreaterThan(30_000);
  });

  it('learns nearly as well from ends that were seen only by calls every 30 s', () => {
    const past = logNormal(randomNumbers(5), 50, 120_000, 0.5);
    const seen = past.map((duration) => {
      const end = 30_000 * Math.ceil(duration / 30_000);
      return { duration: end, within: 30_000 };
    });
    const others = logNormal(randomNumbers(6), 400, 120_000, 0.5);
    const worth = 3_000;
    const costOf = (durations: readonly (number | SeenDuration)[]): number => {
      const { calls, delay } = watchAll(others, learnedBackoff(durations, { worth }));
      return delay + worth * calls;
    };
    expect(costOf(seen)).toBeLessThan(1.03 * costOf(past));
    // The end of each span alone would not do as well.
    expect(costOf(seen)).toBeLessThan(costOf(seen.map(({ duration }) => duration)));
  });

  it('takes as many durations as there are, and such as are days', () => {
    const past = logNormal(randomNumbers(9), 20_000, 120_000, 0.5);
    const first = learnedBackoff(past)(contextAt(0));
    expect(first).toBeGreaterThan(60_000);
    expect(first).toBeLessThan(90_000);
    const day = 86_400_000;
    const backoff = learnedBackoff(logNormal(randomNumbers(9), 50, 10 * day, 0.2), {
      maxFactor: 2,
    });
    expect(backoff(contextAt(0))).toBe(550);
    expect(backoff(contextAt(5 * day, 9))).toBe(120_000);
  });

  it.each([
    [1e15, 0],
    [1e15, 1e15],
    [0, 1e15, 1, 1e14],
  ])('has a plan for the longest that there may be: %d, %d', (...durations) => {
    for (const options of [{}, { startingDelay: 0, timeMultiple: 1, maxFactor: 1 }]) {
      const past = Array.from({ length: 3 }, () => durations).flat();
      const delay = learnedBackoff(past, options)(contextAt(0));
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(2 ** 31 - 1);
    }
  });

  it('takes durations that are all the same', () => {
    const backoff = learnedBackoff(Array.from({ length: 10 }, () => 10_000));
    const first = backoff(contextAt(0));
    expect(first).toBeGreaterThan(9_500);
    expect(first).toBeLessThan(10_500);
  });
});

describe('poll', () => {
  it('asks once or twice where plain backoff asks twenty times', async () => {
    const callsWith = async (backoff: typeof plain): Promise<number> => {
      const scheduler = new VirtualTime();
      const fake = new FakeOperations({ scheduler, latency: 25 });
      const operation = fake.start({ duration: 120_000, response: 'film' });
      await scheduler.runUntil(waitForDone(fake.client, operation, { scheduler, backoff }));
      return fake.calls.length;
    };
    expect(await callsWith(plain)).toBeGreaterThan(20);
    expect(await callsWith(learnedBackoff(minutes))).toBeLessThan(6);
  });
});

test('a plan comes to an end even of what is no time', () => {
  const [startingDelay, timeMultiple, maxDelay] = [275, 1.215, 60_000];
  const delays = { startingDelay, timeMultiple, maxDelay, jitter: 'none' } as const;
  const settings = { plain: delays, worth: undefined, maxFactor: Infinity };
  for (const time of [1e308, Infinity, Number.NaN]) {
    const spans = Array.from({ length: 5 }, () => ({ from: time, to: time }));
    expect(planOf(spans, settings).length).toBeGreaterThan(0);
  }
});

describe('is refused', () => {
  test.each([
    [[-1], {}, 'durations[0]'],
    [[1, Number.NaN], {}, 'durations[1]'],
    [['1s'], {}, 'durations[0]'],
    [[{ duration: 5, within: 6 }], {}, 'durations[0].within'],
    [[{ duration: Infinity }], {}, 'durations[0].duration'],
    [[1, 1.1e15], {}, 'durations[1]'],
    [[{ duration: 1e308, within: 1 }], {}, 'durations[0].duration'],
    ['12', {}, 'durations'],
    [[], { worth: 0 }, 'options.worth'],
    [[], { worth: Infinity }, 'options.worth'],
    [[], { maxFactor: 0.5 }, 'options.maxFactor'],
    [[], { startingDelay: -1 }, 'options.startingDelay'],
    [[], null, 'options'],
  ])('%j with %j, by the name of what is wrong', (durations, options, name) => {
    expect(() => learnedBackoff(durations as number[], options as object)).toThrow(`\`${name}\``);
  });
});
