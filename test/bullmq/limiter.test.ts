import fc from 'fast-check';
import { expect, test } from 'vitest';

import { limiterOf } from '../../src/engines/bullmq/limiter.js';

test.each([
  [100, { max: 20, duration: 200 }],
  [4, { max: 1, duration: 250 }],
  [1, { max: 1, duration: 1_000 }],
  [0.2, { max: 1, duration: 5_000 }],
])('%d calls per second are %o', (callsPerSecond, limiter) => {
  expect(limiterOf(callsPerSecond)).toEqual(limiter);
});

test('no budget is passed, and little of it is left', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 400, noNaN: true }), (callsPerSecond) => {
      const { max, duration } = limiterOf(callsPerSecond);
      expect(Number.isInteger(max) && Number.isInteger(duration)).toBe(true);
      const made = (max * 1_000) / duration;
      expect(made).toBeLessThanOrEqual(callsPerSecond);
      expect(made).toBeGreaterThan(0.98 * callsPerSecond);
    }),
  );
});
