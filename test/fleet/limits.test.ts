import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fullRate, lowerRate, raiseRate } from '../../src/fleet/call-rate.js';
import { Limiter } from '../../src/fleet/limiter.js';
import { refill, takeToken, timeToToken } from '../../src/fleet/token-bucket.js';

const limits = fc.record({
  rate: fc.double({ min: 0.01, max: 1000, noNaN: true }),
  burst: fc.double({ min: 1, max: 50, noNaN: true }),
});

it('lets no more calls through than burst + rate * window, in any window', () => {
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 60 }),
      ({ rate, burst }, pauses) => {
        const times: number[] = [];
        let now = 0;
        let bucket = { tokens: burst, time: 0 };
        for (const pause of pauses) {
          now += pause;
          bucket = refill(bucket, { rate, burst }, now);
          while (timeToToken(bucket, { rate, burst }) === 0) {
            times.push(now);
            bucket = takeToken(bucket);
          }
        }
        const over = times.flatMap((from, first) =>
          times.slice(first).filter((to, index) => {
            const allowed = burst + (rate * (to - from)) / 1000;
            return index + 1 > allowed + 1e-6;
          }),
        );
        expect(over).toEqual([]);
      },
    ),
  );
});

it('has the next token when it says, and not before', () => {
  fc.assert(
    fc.property(limits, fc.double({ min: 0, max: 1, noNaN: true }), (bounds, tokens) => {
      const bucket = { tokens, time: 0 };
      const wait = timeToToken(bucket, bounds);
      expect(timeToToken(refill(bucket, bounds, wait), bounds)).toBe(0);
      if (wait > 1) {
        expect(timeToToken(refill(bucket, bounds, wait / 2), bounds)).toBeGreaterThan(0);
      }
    }),
  );
});

it('takes no tokens away when the clock is set back', () => {
  const bounds = { rate: 1, burst: 5 };
  expect(refill({ tokens: 3, time: 10_000 }, bounds, 0).tokens).toBe(3);
});

it('keeps the rate within its bounds, whatever the server says', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 10_000 })), { maxLength: 200 }),
      (max, answers) => {
        let rate = fullRate(max, 0);
        let now = 0;
        for (const [isRefused, pause] of answers) {
          const begun = now;
          now += pause;
          rate = isRefused ? lowerRate(rate, max, begun, now) : raiseRate(rate, max, now);
          expect(rate.rate).toBeGreaterThanOrEqual(max / 100);
          expect(rate.rate).toBeLessThanOrEqual(max);
        }
      },
    ),
  );
});

it('halves the rate once for all the calls that were refused together', () => {
  const limiter = new Limiter({ callsPerSecond: 8, burst: 8, callsInFlight: 4 }, 0);
  for (let call = 0; call < 4; call += 1) limiter.begin(call);
  expect([0, 1, 2, 3].map((begun) => limiter.refused(begun, 0, 100))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(limiter.rate).toBe(4);
  expect(limiter.refused(150, 0, 200)).toBe(true);
  expect(limiter.rate).toBe(2);
});

it('leaves the server alone for as long as it asks, but not for more than an hour', () => {
  const limiter = new Limiter({ callsPerSecond: 10, burst: 1, callsInFlight: 4 }, 0);
  limiter.refused(0, 30_000, 100);
  expect(limiter.readyAt(200)).toBe(30_100);
  limiter.refused(0, 1e12, 100);
  expect(limiter.readyAt(200)).toBe(3_600_100);
});

it('is at its whole rate again after a minute of answers at the most', () => {
  const limiter = new Limiter({ callsPerSecond: 10, burst: 1, callsInFlight: 4 }, 0);
  limiter.refused(0, 0, 0);
  let recovered = 0;
  for (let now = 500; limiter.rate < 10; now += 500) {
    if (limiter.answered(now)) recovered = now;
  }
  // From half of it.
  expect(recovered).toBe(30_000);
});

it('has no room for more calls than may be under way', () => {
  const limiter = new Limiter({ callsPerSecond: 10, burst: 10, callsInFlight: 2 }, 0);
  limiter.begin(0);
  expect(limiter.readyAt(0)).toBe(0);
  limiter.begin(0);
  expect(limiter.readyAt(0)).toBe(Infinity);
  limiter.end();
  expect(limiter.readyAt(0)).toBe(0);
});
