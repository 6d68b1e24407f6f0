import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressBackoff, type BackoffContext, type BackoffFunction } from 'rx-lro';
import { backoffOf } from '../support/backoff-of.js';
import { snapshotOf, watchOperation, inSteps } from '../support/simulated-polling.js';
import { anyCalls, delaysOf, throughJson } from '../support/backoff-calls.js';

const numbers = fc.record({
  startingDelay: fc.integer({ min: 0, max: 5_000 }),
  timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
  maxDelay: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constant(Infinity)),
});

const contextOf = (attempt: number, memory: Record<string, unknown>): BackoffContext => ({
  attempt,
  elapsed: attempt * 1_000,
  delay: 0,
  operation: snapshotOf(attempt * 0.1),
  memory,
});

/** Five calls with progress, on one memory. */
function fiveDelays(backoff: BackoffFunction, memory: Record<string, unknown> = {}): number[] {
  return [1, 2, 3, 4, 5].map((attempt) => backoff(contextOf(attempt, memory)));
}

const plain = fiveDelays(backoffOf({}));
const aware = fiveDelays(progressBackoff());

describe('the memory of a wait', () => {
  test('chooses the same delays when it goes through JSON after every call', () => {
    fc.assert(
      fc.property(numbers, anyCalls, (options, calls) => {
        const backoff = progressBackoff(options);
        expect(delaysOf(backoff, calls, throughJson)).toEqual(delaysOf(backoff, calls));
      }),
    );
  });

  test('serves two functions with other numbers as if each had one of its own', () => {
    fc.assert(
      fc.property(numbers, numbers, anyCalls, (some, others, calls) => {
        const [one, other] = [progressBackoff(some), progressBackoff(others)];
        const both: BackoffFunction = (context) => {
          other(context);
          return one(context);
        };
        expect(delaysOf(both, calls, throughJson)).toEqual(delaysOf(one, calls));
      }),
    );
  });

  test('is found by a function of the user that passes the context on, or spreads it', () => {
    const own = progressBackoff();
    expect(fiveDelays((context) => own(context))).toEqual(aware);
    expect(fiveDelays((context) => own({ ...context }))).toEqual(aware);
    expect(aware).not.toEqual(plain);
  });

  test('holds nothing beside one key, `progressBackoff`, of 250 bytes of JSON at most', () => {
    const duration = fc.integer({ min: 10_000, max: 14_400_000 });
    const steps = fc.constantFrom(3, 10, 30, 100);
    fc.assert(
      fc.property(duration, steps, fc.double({ min: 0.3, max: 3, noNaN: true }), (...drawn) => {
        const [length, count, power] = drawn;
        const backoff = progressBackoff();
        watchOperation(
          length,
          inSteps(count, (part) => part ** power),
          (context) => {
            // A wait counts in whole milliseconds.
            const delay = Math.round(backoff(context));
            expect(Object.keys(context.memory)).toEqual(['progressBackoff']);
            expect(JSON.stringify(context.memory).length).toBeLessThanOrEqual(250);
            return delay;
          },
        );
      }),
    );
  });

  test('is emptied of what was before a cancel, though there is no progress then', () => {
    const backoff = progressBackoff();
    const memory = {};
    fiveDelays(backoff, memory);
    expect(memory).toHaveProperty('progressBackoff');
    backoff({ ...contextOf(1, memory), operation: snapshotOf(undefined) });
    expect(memory).toEqual({});
  });
});
