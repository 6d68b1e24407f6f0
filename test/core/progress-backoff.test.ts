import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { afterAll, afterEach, describe, expect, it, test, vi } from 'vitest';
import {
  exponentialBackoff,
  poll,
  progressBackoff,
  waitForDone,
  type Backoff,
  type BackoffFunction,
} from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import {
  addProgress,
  estimateEnd,
  type ProgressHistory,
} from '../../src/backoff/progress-estimate.js';
import {
  LATENCY,
  durationSets,
  inSteps,
  meansOf,
  randomNumbers,
  snapshotOf,
  watchOperation,
  type Course,
} from '../support/simulated-polling.js';

// Not those by which the rule was found.
const seeds = [20_261_125, 20_261_126, 20_261_127, 20_261_128, 20_261_129];
const OPERATIONS = 300;

// The most of the mean delay of plain backoff, for each course of progress; for no more calls.
const courses: readonly [string, Course, number][] = [
  ['even steps of 1 %', inSteps(100), 1 / 10],
  ['even steps of 10 %', inSteps(10), 1 / 3],
  ['even steps of 25 %', inSteps(4), 1 / 2],
  ['steps of 10 %, fast first', inSteps(10, Math.sqrt), 1 / 2],
  ['steps of 10 %, slow first', inSteps(10, (part) => part ** 2), 1 / 2],
  ['steps of 1 %, fast first', inSteps(100, Math.sqrt), 1 / 2],
  ['steps of 1 %, slow first', inSteps(100, (part) => part ** 2), 1 / 2],
];

// For these the news is no later, and the calls are few more, at the most this many times as many.
const strange: readonly [string, Course, number, from?: number][] = [
  ['100 % after four fifths of the time', inSteps(10, (part) => part / 0.8), 1.2],
  ['100 % after half of the time', inSteps(100, (part) => part / 0.5), 1.25],
  ['99 % after a third of the time', inSteps(100, (part) => Math.min(3 * part, 0.99)), 1.25],
  [
    'standing still for a third of the time',
    inSteps(10, (part) => (part < 0.5 ? part : part < 0.8 ? 0.5 : 0.5 + (part - 0.8) * 2.5)),
    1,
  ],
  ['nothing done for half of the time', inSteps(100, (part) => Math.max(0, 2 * part - 1)), 1.05],
  ['running backwards', (part) => inSteps(10)(part < 0.4 ? 2 * part : part), 1],
  ['one step in the middle', inSteps(2), 1.05],
  ['rounded to the nearest 10 %', (part) => Math.round(part * 10) / 10, 1.02],
  ['rounded up to 10 %', (part) => Math.ceil(part * 10) / 10, 1.15],
  ['told only once', (part) => (part < 0.6 ? undefined : 0.6), 1],
  ['seen from 60 % on, in steps of 1 %', inSteps(100), 1, 0.6],
  ['seen from 65 % on, in steps of 10 %', inSteps(10), 1.05, 0.65],
  ['seen from 60 % on, in steps of 25 %', inSteps(4), 1.05, 0.6],
];

const told: string[] = [`seeds ${seeds.join(', ')}, ${OPERATIONS} operations each`];
afterAll(() => console.log(told.join('\n')));

describe.each(durationSets)('with durations that are %s', (set, draw) => {
  const durations = seeds.flatMap((seed) => {
    const numbers = randomNumbers(seed);
    return Array.from({ length: OPERATIONS }, () => draw(numbers));
  });
  const none: Course = () => undefined;
  const plain = meansOf(durations, none, exponentialBackoff());
  told.push(`${set}: plain ${plain.calls.toFixed(1)} calls, ${plain.delay.toFixed(0)} ms`);

  function compare(course: Course, name: string, from = 0): { calls: number; delay: number } {
    const base = from === 0 ? plain : meansOf(durations, none, exponentialBackoff(), { from });
    const aware = meansOf(durations, course, progressBackoff(), { from });
    const [calls, delay] = [aware.calls / base.calls, aware.delay / base.delay];
    told.push(`  ${name}: ${calls.toFixed(3)} of the calls, ${delay.toFixed(3)} of the delay`);
    return { calls, delay };
  }

  it.each(courses)('progress in %s brings the news sooner for no more calls', (name, ...rest) => {
    const [course, most] = rest;
    const { calls, delay } = compare(course, name);
    expect(delay).toBeLessThan(most);
    expect(calls).toBeLessThanOrEqual(1);
  });

  it.each(strange)('progress that is %s is survived', (name, course, most, from) => {
    const { calls, delay } = compare(course, name, from);
    expect(delay).toBeLessThanOrEqual(1);
    expect(calls).toBeLessThanOrEqual(most);
  });
});

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
        const plain = exponentialBackoff(options);
        const wait = {};
        let history: ProgressHistory | undefined;
        let elapsed = 0;
        for (const [index, { gap, percent }] of seen.entries()) {
          elapsed += gap;
          const operation = snapshotOf(percent === undefined ? undefined : percent / 100);
          const context = { attempt: index + 1, elapsed, delay: 0, operation };
          const delay = backoff({ ...context, wait });
          if (percent === undefined) {
            expect(delay).toBe(plain(context));
            continue;
          }
          history = addProgress(history, elapsed, ((percent / 100) * 100) / 100);
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

  test('of even progress a delay is within half of what is really left, give or take a step', () => {
    fc.assert(
      fc.property(
        optionsOf,
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1_000, max: 10_000_000 }),
        (options, steps, duration) => {
          // A schedule without end would be none to test.
          fc.pre(Math.min(options.startingDelay, options.maxDelay) * 1_000 > duration);
          const backoff = progressBackoff(options);
          const plain = exponentialBackoff(options);
          watchOperation(duration, inSteps(steps), (context) => {
            const delay = backoff(context);
            const rest = Math.max(0, duration - context.elapsed);
            const most = options.startingDelay + rest / 2 + duration / steps + LATENCY;
            if (delay !== plain(context)) expect(delay).toBeLessThanOrEqual(most);
            return delay;
          });
        },
      ),
    );
  });

  test('the calls for one operation are at the most three times those of plain backoff', () => {
    const points = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    const steps = fc.constantFrom(4, 10, 100, 1e9);
    const durationOf = fc.integer({ min: 500, max: 7_200_000 });
    fc.assert(
      fc.property(points, points, steps, durationOf, (times, values, count, duration) => {
        const course = inSteps(count, through(times, values));
        const plain = watchOperation(duration, () => undefined, exponentialBackoff());
        const aware = watchOperation(duration, course, progressBackoff());
        expect(aware.calls).toBeLessThanOrEqual(3 * plain.calls);
      }),
    );
  });

  test('a server whose clock is off changes nothing: only times of our own count', () => {
    const from = (start: number): number[] => {
      const backoff = progressBackoff();
      const wait = {};
      return [1, 2, 3, 4, 5].map((attempt) => {
        const startTime = new Date(start).toISOString();
        const metadata = { progressPercent: attempt * 10, startTime };
        const operation = { name: 'operations/1', done: false, metadata };
        return backoff({ attempt, elapsed: attempt * 1_000, delay: 0, operation, wait });
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
    // No WeakMap takes it for a key.
    const wait = 'no key' as never;
    fc.assert(
      fc.property(optionsOf, fc.array(fc.tuple(gaps, silent)), (options, seen) => {
        const backoff = progressBackoff(options);
        const plain = exponentialBackoff(options);
        let elapsed = 0;
        for (const [index, [gap, metadata]] of seen.entries()) {
          elapsed += gap;
          const operation = { name: 'operations/1', done: false, metadata };
          const context = { attempt: index + 1, elapsed, delay: 0, operation, wait };
          expect(backoff(context)).toBe(plain(context));
        }
      }),
    );
  });

  test('nor does it do more until progress has moved', () => {
    const backoff = progressBackoff();
    const plain = exponentialBackoff();
    const wait = {};
    for (let attempt = 1; attempt < 50; attempt += 1) {
      const operation = snapshotOf(0.4);
      const context = { attempt, elapsed: attempt * 1_000, delay: 0, operation, wait };
      expect(backoff(context)).toBe(plain(context));
    }
  });
});

/** The delays for progress that is 10 % more each second, from 0 on. */
function delaysOf(backoff: BackoffFunction, count = 6): number[] {
  const wait = {};
  return Array.from({ length: count }, (_, index) =>
    backoff({
      attempt: index + 1,
      elapsed: index * 1_000,
      delay: 0,
      operation: snapshotOf(index / 10),
      wait,
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

describe('one backoff', () => {
  const contextOf = (attempt: number, progress: number, elapsed = attempt * 1_000) => ({
    attempt,
    elapsed,
    delay: 0,
    operation: snapshotOf(progress),
  });

  test('keeps many waits apart', () => {
    const shared = progressBackoff();
    const [one, other] = [{}, {}];
    const delays = [1, 2, 3, 4].map((attempt) => {
      shared({ ...contextOf(attempt, 1 - attempt * 0.2), wait: other });
      return shared({ ...contextOf(attempt, attempt * 0.2), wait: one });
    });
    const own = progressBackoff();
    const expected = [1, 2, 3, 4].map((attempt) =>
      own({ ...contextOf(attempt, attempt * 0.2), wait: one }),
    );
    expect(delays).toEqual(expected);
    // The estimate is at work: it is not the plain delay.
    expect(delays[3]).not.toBe(exponentialBackoff()(contextOf(4, 0.8)));
  });

  test('is plain outside of a wait', () => {
    const backoff = progressBackoff();
    const plain = exponentialBackoff();
    for (const attempt of [1, 2, 3, 4]) {
      const context = contextOf(attempt, attempt * 0.2);
      expect(backoff(context)).toBe(plain(context));
    }
  });

  test('begins anew when the operation is cancelled', () => {
    const backoff = progressBackoff();
    const plain = exponentialBackoff();
    const wait = {};
    for (const attempt of [1, 2, 3, 4]) backoff({ ...contextOf(attempt, attempt * 0.1), wait });
    // From now on as if it had not been watched before.
    const fresh = progressBackoff();
    const sameWait = {};
    for (const attempt of [1, 2, 3, 4, 5]) {
      const context = contextOf(attempt, 0.4 + attempt * 0.1, 5_000 + attempt * 1_000);
      const delay = backoff({ ...context, wait });
      expect(delay).toBe(fresh({ ...context, wait: sameWait }));
      if (attempt <= 2) expect(delay).toBe(plain(context));
    }
  });
});

describe('poll', () => {
  const hour = 3_600_000;

  async function newsOf(backoff: Backoff | undefined): Promise<{ late: number; calls: number }> {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler, latency: 25 });
    const { name } = fake.start({ duration: hour, progress: true, response: 'film' });
    await scheduler.runUntil(waitForDone(fake.client, name, { scheduler, backoff }));
    return { late: scheduler.now() - hour, calls: fake.calls.length };
  }

  test('is aware of progress, with numbers and without, unless it is asked to be plain', async () => {
    const plain = await newsOf(exponentialBackoff());
    const aware = await newsOf(progressBackoff());
    expect(aware.late).toBeLessThan(plain.late / 2);
    expect(aware.calls).toBeLessThan(1.05 * plain.calls);
    expect(await newsOf(undefined)).toEqual(aware);
    expect(await newsOf({})).toEqual(aware);
    expect(await newsOf({ maxDelay: 30_000 })).toEqual(
      await newsOf(progressBackoff({ maxDelay: 30_000 })),
    );
  });

  test('gives every wait its own object to be remembered by', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const waits: (object | undefined)[] = [];
    const backoff: BackoffFunction = ({ wait }) => {
      waits.push(wait);
      return 100;
    };
    for (const distinct of [1, 2]) {
      const { name } = fake.start({ duration: 250, response: 1 });
      const operation$ = poll(fake.client, name, { scheduler, backoff });
      await scheduler.runUntil(lastValueFrom(operation$));
      expect(new Set(waits).size).toBe(distinct);
    }
    expect(waits.every((wait) => typeof wait === 'object')).toBe(true);
  });
});
