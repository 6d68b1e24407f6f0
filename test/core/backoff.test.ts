import { backOff } from 'exponential-backoff';
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CallFailedError, Code, poll, type OperationEvent } from 'rx-lro';
import { backoffOf } from '../support/backoff-of.js';
import { exponentialDelay } from '../../src/core/policy/exponential-delay.js';
import { resolveRetry, retryDelay } from '../../src/core/policy/retry.js';
import { ScriptedClient } from '../support/scripted-client.js';
import { repeats } from '../support/repeats.js';

const operation = { name: 'operations/1', done: false };
const context = (attempt: number) => ({ attempt, elapsed: 0, delay: 0, operation, memory: {} });

const options = fc.record({
  startingDelay: fc.oneof(
    fc.integer({ min: 0, max: 5_000 }),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  ),
  timeMultiple: fc.double({ min: 1, max: 5, noNaN: true }),
  maxDelay: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.constant(Infinity)),
  jitter: fc.constantFrom('none' as const, 'full' as const),
  delayFirstAttempt: fc.boolean(),
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The delays that the package itself hands to its timers. */
async function delaysOfThePackage(
  given: Parameters<typeof backOff>[1],
  attempts: number,
): Promise<number[]> {
  const delays: number[] = [];
  vi.stubGlobal('setTimeout', (work: () => void, delay: number) => {
    delays.push(delay);
    queueMicrotask(work);
    return 0;
  });
  await backOff(() => Promise.reject(new Error('again')), {
    ...given,
    numOfAttempts: attempts,
  }).catch(() => undefined);
  vi.unstubAllGlobals();
  return delays;
}

function seedRandom(seed: number): void {
  let state = seed;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  });
}

describe('exponential delays', () => {
  it.each(['none', 'full'] as const)('of 0 stay 0 for ever, with jitter %s', (jitter) => {
    const backoff = backoffOf({
      startingDelay: 0,
      timeMultiple: 5,
      maxDelay: Infinity,
      jitter,
    });
    expect([1, 2, 10, 5_000].map((attempt) => backoff(context(attempt)))).toEqual([0, 0, 0, 0]);
  });

  it("equal to exponential-backoff's own delays for every option set [polling 9]", async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.integer({ min: 1, max: 2 ** 30 }), async (given, seed) => {
        seedRandom(seed);
        const theirs = await delaysOfThePackage(given, 6);
        seedRandom(seed);
        const first = given.delayFirstAttempt ? 0 : 1;
        const ours = [0, 1, 2, 3, 4, 5]
          .slice(first)
          .map((attempt) => exponentialDelay(given, attempt, given.delayFirstAttempt));
        expect(ours).toEqual(theirs.map((delay) => Math.min(delay, 2 ** 31 - 1)));
      }),
      { numRuns: repeats(300) },
    );
  });

  it('of numbers for `backoff` are those of the package, whatever the progress', async () => {
    const numbers = options.map((given) => ({ ...given, delayFirstAttempt: false }));
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 1, max: 2 ** 30 }), async (given, seed) => {
        seedRandom(seed);
        const theirs = await delaysOfThePackage(given, 6);
        seedRandom(seed);
        const backoff = backoffOf(given);
        const memory = {};
        const ours = [1, 2, 3, 4, 5].map((attempt) => {
          const moving = { ...operation, metadata: { progressPercent: attempt * 15 } };
          return backoff({
            attempt,
            elapsed: attempt * 1_000,
            delay: 0,
            operation: moving,
            memory,
          });
        });
        expect(ours).toEqual(theirs.map((delay) => Math.min(delay, 2 ** 31 - 1)));
        expect(memory).toEqual({});
      }),
      { numRuns: repeats(300) },
    );
  });

  it('with a random number that is given are those that the package draws by it', async () => {
    const full = options.map((given) => ({ ...given, jitter: 'full' as const }));
    const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(full, part, async (given, random) => {
        vi.spyOn(Math, 'random').mockReturnValue(random);
        const theirs = await delaysOfThePackage(given, 6);
        const draws = vi.spyOn(Math, 'random').mockClear();
        const { delayFirstAttempt } = given;
        const ours = [0, 1, 2, 3, 4, 5]
          .slice(delayFirstAttempt ? 0 : 1)
          .map((attempt) => exponentialDelay(given, attempt, delayFirstAttempt, random));
        expect(ours).toEqual(theirs.map((delay) => Math.min(delay, 2 ** 31 - 1)));
        expect(draws).not.toHaveBeenCalled();
      }),
      { numRuns: repeats(300) },
    );
  });

  it('finite and within bounds for every attempt, the millionth too [polling 22] [polling 23]', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 1e6 }), (given, attempt) => {
        const delay = backoffOf(given)(context(attempt));
        expect(delay).toBeGreaterThanOrEqual(0);
        // Full jitter rounds, as the package does.
        expect(delay).toBeLessThanOrEqual(Math.min(Math.ceil(given.maxDelay), 2 ** 31 - 1));
      }),
    );
  });

  it('stay 0 when they start at 0, even when the power has grown out of all numbers', () => {
    expect(backoffOf({ startingDelay: 0, timeMultiple: 5 })(context(1e6))).toBe(0);
  });

  it('are 275 ms, times 1.215, up to a minute, without jitter, where nothing is given', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const backoff = backoffOf({});
    expect([1, 2, 3].map((attempt) => backoff(context(attempt)))).toEqual([
      275,
      334.125,
      275 * 1.215 ** 2,
    ]);
    expect(backoff(context(1_000))).toBe(60_000);
  });

  it('take undefined for "not given": no hot loop [polling 9]', () => {
    const undefinedAll = {
      startingDelay: undefined,
      timeMultiple: undefined,
      maxDelay: undefined,
      jitter: undefined,
    };
    expect(backoffOf(undefinedAll)(context(2))).toBe(334.125);
  });

  it.each([
    ['startingDelay', -1],
    ['startingDelay', Number.NaN],
    ['startingDelay', Infinity],
    ['timeMultiple', 0.99],
    ['timeMultiple', Infinity],
    ['maxDelay', -0.1],
    ['maxDelay', Number.NaN],
    ['jitter', 'equal'],
    ['jitter', true],
  ])('refuse %s of %o with a RangeError that names both', (option, value) => {
    expect(() => backoffOf({ [option]: value })).toThrow(RangeError);
    expect(() => backoffOf({ [option]: value })).toThrow(`backoff.${option}`);
    expect(() => backoffOf({ [option]: value })).toThrow(String(value));
  });

  it.each([
    ['startingDelay', '5'],
    ['timeMultiple', 2n],
    ['maxDelay', {}],
  ])('refuse %s of %o with a TypeError', (option, value) => {
    expect(() => backoffOf({ [option]: value })).toThrow(TypeError);
    expect(() => backoffOf({ [option]: value })).toThrow(`backoff.${option}`);
  });
});

describe('retry delays', () => {
  it('take the random number that is given, and draw none then', () => {
    const draws = vi.spyOn(Math, 'random');
    const error = new CallFailedError({
      method: 'get',
      status: { code: Code.UNAVAILABLE, message: 'again', details: [] },
    });
    expect(retryDelay(resolveRetry(), error, 3, 0.25)).toEqual({ delay: 500, floor: 0 });
    expect(draws).not.toHaveBeenCalled();
  });

  it('are up to 500 ms, doubled each time up to 10 s, a random part of it, 49 times', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [{ error: { code: 14 } }] });
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const delays: number[] = [];
    const onEvent = (event: OperationEvent): void => {
      if (event.type === 'retry') delays.push(event.delay);
    };
    poll(client, operation.name, { scheduler, onEvent }).subscribe({ error: () => undefined });
    scheduler.flush();
    expect(delays.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000]);
    expect(delays).toHaveLength(49);
    expect(delays.at(-1)).toBe(10_000);
  });
});
