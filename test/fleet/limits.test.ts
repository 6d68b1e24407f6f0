import fc from 'fast-check';
import type { SchedulerLike } from 'rxjs';
import { expect, it } from 'vitest';
import { FleetClock } from '../../src/fleet/fleet-clock.js';
import { Limiter } from '../../src/fleet/limiter.js';

const limits = fc.record({
  callsPerSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }),
  burst: fc.double({ min: 1, max: 50, noNaN: true }),
  callsInFlight: fc.constant(Infinity),
});

/** Makes as many calls as the limits allow for. @returns How many. */
function callsAt(limiter: Limiter, now: number): number {
  let calls = 0;
  for (; limiter.readyAt(now) <= now; calls += 1) limiter.begin(now);
  return calls;
}

it('lets no more calls through than burst + rate * window, in any window', () => {
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (bounds, pauses) => {
        const { callsPerSecond, burst } = bounds;
        const times: number[] = [];
        const limiter = new Limiter(bounds, 0);
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          times.push(...Array<number>(callsAt(limiter, now)).fill(now));
        }
        const over = times.flatMap((from, first) =>
          times.slice(first).filter((to, index) => {
            const allowed = burst + (callsPerSecond * (to - from)) / 1000;
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
    fc.property(limits, (bounds) => {
      const limiter = new Limiter(bounds, 0);
      expect(callsAt(limiter, 0)).toBeGreaterThanOrEqual(1);
      const wait = limiter.readyAt(0);
      expect(wait).toBeGreaterThan(0);
      expect(limiter.readyAt(wait)).toBe(wait);
      if (wait > 1) expect(limiter.readyAt(wait / 2)).toBeGreaterThan(wait / 2);
    }),
  );
});

it('takes no tokens away when the clock is set back', () => {
  let read = 10_000;
  const clock = new FleetClock({ now: () => read } as SchedulerLike);
  const bounds = { callsPerSecond: 1, burst: 5, callsInFlight: Infinity };
  const limiter = new Limiter(bounds, clock.now);
  limiter.begin(clock.now);
  limiter.begin(clock.now);
  read = 0;
  expect(callsAt(limiter, clock.now)).toBe(3);
});

it('keeps the rate within its bounds, whatever the server says', () => {
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 10_000 })), { maxLength: 200 }),
      (bounds, answers) => {
        const limiter = new Limiter(bounds, 0);
        let now = 0;
        for (const [isRefused, pause] of answers) {
          const begun = now;
          now += pause;
          if (isRefused) limiter.refused(begun, 0, now);
          else limiter.answered(now);
          expect(limiter.rate).toBeGreaterThanOrEqual(bounds.callsPerSecond / 100);
          expect(limiter.rate).toBeLessThanOrEqual(bounds.callsPerSecond);
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
