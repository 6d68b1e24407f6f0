// What a learned backoff is measured by: the best there is for a distribution that is known, and the best
// of all exponential backoffs. Nothing of the library is used.

import type { BackoffFunction } from 'rx-lro';
import { LATENCY, type Outcome } from './simulation.js';

/**
 * The optimum schedule for durations that are log-normal, when a call is worth some delay: by going
 * through all times on a grid, from the end to the beginning.
 */
export function optimumBackoff(median: number, sigma: number, worth: number): BackoffFunction {
  const count = 3_000;
  const [begin, end] = [median * Math.exp(-4 * sigma), median * Math.exp(4 * sigma)];
  const times = [
    0,
    ...Array.from({ length: count }, (_, i) => begin * (end / begin) ** (i / count)),
  ];
  const part = times.map((time) => (time === 0 ? 0 : normalPart(Math.log(time / median) / sigma)));
  const sums = [0];
  for (let i = 1; i <= count; i += 1) {
    const ends = (part[i] ?? 0) - (part[i - 1] ?? 0);
    sums.push((sums[i - 1] ?? 0) + (ends * ((times[i] ?? 0) + (times[i - 1] ?? 0))) / 2);
  }
  const costs = times.map(() => 0);
  const nexts = times.map(() => count);
  for (let i = count - 1; i >= 0; i -= 1) {
    let least = Infinity;
    // After an earlier call the best next one is never later.
    for (let j = i + 1; j <= (nexts[i + 1] ?? count); j += 1) {
      const late = (times[j] ?? 0) * ((part[j] ?? 0) - (part[i] ?? 0)) - (sums[j] ?? 0);
      const cost = late + (sums[i] ?? 0) + (costs[j] ?? 0);
      if (cost >= least) continue;
      least = cost;
      nexts[i] = j;
    }
    costs[i] = least + worth * (1 - (part[i] ?? 0));
  }
  return ({ elapsed }) => {
    let next = 0;
    // The call is made so that it is answered in time.
    while (next < count && (times[next] ?? 0) < elapsed + LATENCY / 2 + 1) {
      next = nexts[next] ?? count;
    }
    return Math.max(LATENCY, (times[next] ?? 0) - LATENCY / 2 - elapsed);
  };
}

/** The part of a normal distribution below a value, to seven digits (Abramowitz and Stegun, 26.2.17). */
function normalPart(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail =
    t *
    series.reduce((sum, each) => sum * t + each, 0) *
    (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI));
  return x > 0 ? 1 - tail : tail;
}

/** Makes numbers of a normal distribution, each as likely as the next, and turns them into others. */
export function evenly(count: number, turn: (normal: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => {
    let [low, high] = [-6, 6];
    for (let halving = 0; halving < 40; halving += 1) {
      const middle = (low + high) / 2;
      if (normalPart(middle) < (index + 0.5) / count) low = middle;
      else high = middle;
    }
    return turn(low);
  });
}

/** The parameters of an exponential backoff, in milliseconds. */
interface Exponential {
  readonly startingDelay: number;
  readonly timeMultiple: number;
  readonly maxDelay: number;
}

/**
 * Searches all capped exponential backoffs, constant ones too, for the soonest result with no more than some
 * calls.
 */
export function bestExponential(durations: readonly number[], calls: number): Outcome {
  const sorted = durations.toSorted((a, b) => a - b);
  let best: Outcome = { calls: Infinity, delay: Infinity };
  const take = (exponential: Exponential): void => {
    const outcome = watchExponential(sorted, exponential);
    if (outcome.calls <= calls && outcome.delay < best.delay) best = outcome;
  };
  for (let maxDelay = 4_000; maxDelay < 200_000; maxDelay *= 1.05) {
    take({ startingDelay: maxDelay, timeMultiple: 1, maxDelay });
    for (const timeMultiple of [1.02, 1.05, 1.1, 1.2, 1.35, 1.6, 2, 3]) {
      for (let part = 1 / 1.1; part > 0.03; part /= 1.1) {
        take({ startingDelay: part * maxDelay, timeMultiple, maxDelay });
      }
    }
  }
  return best;
}

/** As to watch each of them, in one go: they are in ascending order, and the calls are the same. */
function watchExponential(
  sorted: readonly number[],
  { startingDelay, timeMultiple, maxDelay }: Exponential,
): Outcome {
  let [elapsed, delay, calls, late, index] = [0, startingDelay, 0, 0, 0];
  for (let attempt = 1; index < sorted.length; attempt += 1) {
    for (; (sorted[index] ?? Infinity) <= elapsed + LATENCY / 2; index += 1) {
      calls += attempt;
      late += elapsed + LATENCY - (sorted[index] ?? 0);
    }
    elapsed += LATENCY + delay;
    delay = Math.min(maxDelay, delay * timeMultiple);
  }
  return { calls: calls / sorted.length, delay: late / sorted.length };
}
