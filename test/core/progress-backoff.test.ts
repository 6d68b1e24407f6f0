import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it, test } from 'vitest';
import {
  exponentialBackoff,
  poll,
  progressBackoff,
  waitForDone,
  type BackoffFunction,
  type OperationEvent,
} from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import {
  addProgress,
  estimatedRest,
  type ProgressHistory,
} from '../../src/backoff/progress-estimate.js';

type Draw = () => number;
type Shape = (part: number) => number | undefined;

/** Numbers from 0 to 1, the same in each run. */
function randomNumbers(seed: number): Draw {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const normal = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

const sets: readonly [string, (draw: Draw) => number][] = [
  ['log-uniform from 0.5 s to 2 h', (draw) => 500 * Math.exp(draw() * Math.log(14_400))],
  ['log-normal around 2 min', (draw) => 120_000 * Math.exp(normal(draw))],
  [
    'bimodal, 2 s and 10 min',
    (draw) => (draw() < 0.5 ? 2_000 : 600_000) * Math.exp(0.3 * normal(draw)),
  ],
  [
    'heavy-tailed from 10 s on',
    (draw) => Math.min(10_000 * (1 - draw()) ** (-1 / 1.1), 4 * 3_600_000),
  ],
];

const inSteps =
  (count: number, course: (part: number) => number = (part) => part): Shape =>
  (part) =>
    Math.floor(Math.min(course(Math.min(part, 1)), 1) * count + 1e-9) / count;

const LATENCY = 50;

/** Watches one operation: how many calls it takes, and how long after the end the news is there. */
function watch(duration: number, shape: Shape, backoff: BackoffFunction): [number, number] {
  const wait = {};
  let elapsed = 0;
  let delay = 0;
  for (let attempt = 1; ; attempt += 1) {
    const part = (elapsed + LATENCY / 2) / duration;
    elapsed += LATENCY;
    if (part >= 1) return [attempt, elapsed - duration];
    const progress = shape(part);
    const metadata = progress === undefined ? {} : { progressPercent: progress * 100 };
    const operation = { name: 'operations/1', done: false, metadata };
    delay = backoff({ attempt, elapsed, delay, operation, wait });
    elapsed += delay;
  }
}

function meansOf(durations: readonly number[], shape: Shape, backoff: BackoffFunction) {
  const outcomes = durations.map((duration) => watch(duration, shape, backoff));
  const mean = (index: 0 | 1): number =>
    outcomes.reduce((sum, outcome) => sum + outcome[index], 0) / outcomes.length;
  return { calls: mean(0), delay: mean(1) };
}

// The most of the mean delay of plain backoff, for each course of progress.
const courses: readonly [string, Shape, number][] = [
  ['even steps of 1 %', inSteps(100), 1 / 10],
  ['even steps of 10 %', inSteps(10), 1 / 3],
  ['even steps of 25 %', inSteps(4), 1 / 2],
  ['10 %, fast first', inSteps(10, Math.sqrt), 1 / 2],
  ['10 %, slow first', inSteps(10, (part) => part ** 2), 1 / 2],
  ['1 %, fast first', inSteps(100, Math.sqrt), 1 / 2],
  ['1 %, slow first', inSteps(100, (part) => part ** 2), 1 / 2],
];

// For these it is enough not to be worse, by more than a little.
const strange: readonly [string, Shape][] = [
  ['100 % long before the end', inSteps(10, (part) => part / 0.8)],
  [
    'standing still for a third of the time',
    inSteps(10, (part) => (part < 0.5 ? part : part < 0.8 ? 0.5 : 0.5 + (part - 0.8) * 2.5)),
  ],
  ['running backwards', (part) => inSteps(10)(part < 0.4 ? 2 * part : part)],
  ['one step in the middle', inSteps(2)],
];

describe.each(sets)('with durations that are %s', (_name, draw) => {
  const numbers = randomNumbers(20_261_124);
  const durations = Array.from({ length: 300 }, () => draw(numbers));
  const plain = meansOf(durations, () => undefined, exponentialBackoff());

  it.each(courses)('progress in %s brings the news sooner for no more calls', (_, shape, most) => {
    const { calls, delay } = meansOf(durations, shape, progressBackoff());
    expect(delay / plain.delay).toBeLessThan(most);
    expect(calls / plain.calls).toBeLessThan(1.015);
  });

  it.each(strange)('progress that is %s is survived', (_, shape) => {
    const { calls, delay } = meansOf(durations, shape, progressBackoff());
    expect(delay / plain.delay).toBeLessThan(1.1);
    expect(calls / plain.calls).toBeLessThan(1.2);
  });

  it('no progress is plain backoff', () => {
    const same = meansOf(durations, () => undefined, progressBackoff());
    expect(same).toEqual(plain);
  });
});

const answers = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10_000_000 })),
    progress: fc.option(
      fc.oneof(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 4 }).map((quarters) => quarters / 4),
      ),
      { nil: undefined },
    ),
  }),
  { minLength: 1, maxLength: 40 },
);

const numbersOf = fc.record({
  startingDelay: fc.integer({ min: 0, max: 5_000 }),
  timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
  maxDelay: fc.integer({ min: 0, max: 100_000 }),
});

describe('whatever the progress', () => {
  test('a delay is plain, or within half of the estimated rest and both limits', () => {
    fc.assert(
      fc.property(numbersOf, answers, (options, seen) => {
        const { startingDelay, maxDelay } = options;
        const backoff = progressBackoff(options);
        const plain = exponentialBackoff(options);
        const wait = {};
        let history: ProgressHistory | undefined;
        let elapsed = 0;
        for (const [index, { gap, progress }] of seen.entries()) {
          elapsed += gap;
          const metadata = progress === undefined ? {} : { progressPercent: progress * 100 };
          const operation = { name: 'operations/1', done: false, metadata };
          const context = { attempt: index + 1, elapsed, delay: 0, operation };
          const delay = backoff({ ...context, wait });
          const percentage = progress === undefined ? undefined : (progress * 100) / 100;
          if (percentage !== undefined) history = addProgress(history, elapsed, percentage);
          const rest =
            percentage === undefined || history === undefined
              ? undefined
              : estimatedRest(history, elapsed, { atMost: 0.8 * maxDelay });
          if (rest === undefined) {
            expect(delay).toBe(plain(context));
          } else {
            expect(rest).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThanOrEqual(maxDelay);
            expect(delay).toBeLessThanOrEqual(Math.max(startingDelay, rest / 2));
            expect(delay).toBeGreaterThanOrEqual(Math.min(startingDelay, maxDelay));
          }
        }
      }),
    );
  });

  test('a clock that is off changes nothing: only times of our own count', () => {
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

describe('one backoff', () => {
  const contextOf = (attempt: number, progressPercent: number) => ({
    attempt,
    elapsed: attempt * 1_000,
    delay: 0,
    operation: { name: 'operations/1', done: false, metadata: { progressPercent } },
  });

  test('keeps many waits apart', () => {
    const shared = progressBackoff();
    const [one, other] = [{}, {}];
    const delays = [1, 2, 3, 4].map((attempt) => {
      shared({ ...contextOf(attempt, 100 - attempt * 20), wait: other });
      return shared({ ...contextOf(attempt, attempt * 20), wait: one });
    });
    const own = progressBackoff();
    const expected = [1, 2, 3, 4].map((attempt) =>
      own({ ...contextOf(attempt, attempt * 20), wait: one }),
    );
    expect(delays).toEqual(expected);
    // The estimate is at work: it is not the plain delay.
    expect(delays[3]).not.toBe(exponentialBackoff()(contextOf(4, 80)));
  });

  test('is plain outside of a wait, and begins anew when the operation is cancelled', () => {
    const backoff = progressBackoff();
    const plain = exponentialBackoff();
    expect(backoff(contextOf(3, 60))).toBe(plain(contextOf(3, 60)));
    const wait = {};
    backoff({ ...contextOf(1, 20), wait });
    backoff({ ...contextOf(2, 40), wait });
    expect(backoff({ ...contextOf(1, 60), wait })).toBe(plain(contextOf(1, 60)));
  });

  test.each([{ startingDelay: -1 }, { timeMultiple: 0.5 }, { maxDelay: Number.NaN }])(
    'is refused with %o',
    (options) => {
      expect(() => progressBackoff(options)).toThrow(/backoff\.\w+/);
    },
  );
});

describe('poll', () => {
  const hour = 3_600_000;

  async function delayOfNews(backoff: BackoffFunction): Promise<{ late: number; calls: number }> {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler, latency: 25 });
    const { name } = fake.start({ duration: hour, progress: true, response: 'film' });
    await scheduler.runUntil(waitForDone(fake.client, name, { scheduler, backoff }));
    return { late: scheduler.now() - hour, calls: fake.calls.length };
  }

  test('has the news of an hour of work in steps of 10 % much sooner', async () => {
    const plain = await delayOfNews(exponentialBackoff());
    const aware = await delayOfNews(progressBackoff());
    expect(aware.late).toBeLessThan(plain.late);
    expect(aware.calls).toBeLessThan(1.15 * plain.calls);
  });

  test('gives every wait its own object to be remembered by', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const waits: (object | undefined)[] = [];
    const events: OperationEvent[] = [];
    const backoff: BackoffFunction = ({ wait }) => {
      waits.push(wait);
      return 100;
    };
    const options = { scheduler, backoff, onEvent: (event: OperationEvent) => events.push(event) };
    const { name } = fake.start({ duration: 250, response: 1 });
    const operation$ = poll(fake.client, name, options);
    await scheduler.runUntil(lastValueFrom(operation$));
    expect(new Set(waits).size).toBe(1);
    const { name: other } = fake.start({ duration: 250, response: 1 });
    await scheduler.runUntil(lastValueFrom(poll(fake.client, other, options)));
    expect(new Set(waits).size).toBe(2);
    expect(waits.every((wait) => typeof wait === 'object')).toBe(true);
    expect(events.length).toBeGreaterThan(0);
  });
});
