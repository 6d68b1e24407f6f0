import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressBackoff, type BackoffContext, type BackoffFunction } from 'rx-lro';
import { durationHistory, learnedBackoff } from 'rx-lro/learned';
import { anyCalls, delaysOf, throughJson } from '../support/backoff-calls.js';

const minutes = [118_000, 95_000, 171_000, 122_000, 140_000, 88_000];

function backoffOfHistory(): BackoffFunction {
  const history = durationHistory(undefined, { keyOf: () => 'film' });
  for (const duration of minutes) history.record('film', duration);
  return history.backoff;
}

const learned = learnedBackoff(minutes);
const aware = progressBackoff();
const byTurns: BackoffFunction = (context) =>
  (context.attempt % 2 === 0 ? aware : learned)(context);
const shorter: BackoffFunction = (context) => Math.min(aware(context), learned(context));
const bounded = learnedBackoff(minutes, { maxFactor: 2 });
const longer: BackoffFunction = (context) => Math.max(bounded(context), learned({ ...context }));

const contextAt = (
  elapsed: number,
  attempt: number,
  memory: Record<string, unknown>,
): BackoffContext => ({
  attempt,
  elapsed,
  delay: 0,
  operation: { name: 'operations/1', done: false },
  memory,
});

describe('the memory of a wait', () => {
  test.each([
    ['learnedBackoff', learned],
    ['durationHistory', backoffOfHistory()],
    ['a function that calls learnedBackoff and progressBackoff by turns', byTurns],
    ['the shorter delay of learnedBackoff and progressBackoff', shorter],
    ['the longer delay of two of learnedBackoff', longer],
  ])('%s: chooses the same delays when it goes through JSON after every call', (_name, backoff) => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        expect(delaysOf(backoff, calls, throughJson)).toEqual(delaysOf(backoff, calls));
      }),
      { numRuns: 200 },
    );
  });

  test('of two functions gives the delays of each alone', () => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const alone = [delaysOf(aware, calls), delaysOf(learned, calls)];
        const least = delaysOf(shorter, calls);
        expect(least).toEqual(alone[0]?.map((delay, index) => Math.min(delay, alone[1]![index]!)));
      }),
      { numRuns: 200 },
    );
  });

  test('holds nothing beside one key, `learnedBackoff`, and that it was cancelled for good', () => {
    const memory = {};
    learned(contextAt(50, 1, memory));
    expect(memory).toEqual({ learnedBackoff: 50 });
    learned(contextAt(90_000, 2, memory));
    expect(memory).toEqual({ learnedBackoff: 50 });
    learned(contextAt(100_000, 1, memory));
    learned(contextAt(100_300, 2, memory));
    expect(memory).toEqual({ learnedBackoff: 'cancelled' });
  });

  test('tells of a cancel too where the first call of the function came late', () => {
    const memory = {};
    expect(learned(contextAt(50_000, 3, memory))).toBeGreaterThan(10_000);
    expect(learned(contextAt(60_000, 1, memory))).toBe(275);
  });

  test('does not take a second function for the same answer for a cancel', () => {
    const memory = {};
    expect(learned(contextAt(50, 1, memory))).toBeGreaterThan(60_000);
    expect(learnedBackoff(minutes)(contextAt(50, 1, memory))).toBeGreaterThan(60_000);
  });
});
