import { describe, expect, it } from 'vitest';
import { besidePlain, besideRivals } from './figures.js';

// It is much work, for a machine that has other work to do too.
const timeout = 60_000;

describe.each([
  { sigma: 1, calls: 1 / 3, exponential: 0.95 },
  { sigma: 0.5, calls: 1 / 5, exponential: 0.75 },
  { sigma: 0.2, calls: 1 / 7, exponential: 0.4 },
])(
  'learned from 50 durations, log-normal with sigma $sigma,',
  { timeout },
  ({ sigma, calls, exponential }) => {
    it('has the result as soon as plain backoff, for a part of its calls', () => {
      const { same, shorter, longer } = besidePlain(sigma);
      expect(same.delay).toBeLessThan(1);
      expect(same.calls).toBeLessThan(calls);
      // Ten times longer than ever: still no worse than plain backoff.
      expect(longer.delay).toBeLessThan(1.05);
      expect(longer.calls).toBeLessThan(1);
      // Ten times shorter: late, for a sixth of the calls.
      expect(shorter.calls).toBeLessThan(1 / 6);
    });

    it('is never much worse than plain backoff with a `maxFactor`, however wrong the past is', () => {
      const { same, shorter, longer } = besidePlain(sigma, { maxFactor: 1.4 });
      expect(same.delay).toBeLessThan(1.02);
      expect(same.calls).toBeLessThan(0.85);
      for (const { calls: part, delay } of [shorter, longer]) {
        expect(part).toBeLessThan(1);
        expect(delay).toBeLessThan(1.5);
      }
    });

    it('costs hardly more than the optimum for what is true', () => {
      const { cost, learned, optimum } = besideRivals(sigma, 500);
      expect(cost).toBeGreaterThan(0.99);
      expect(cost).toBeLessThan(1.03);
      expect(optimum).toBeLessThan(exponential);
      expect(learned).toBeLessThan(exponential);
    });
  },
);
