import type { Distribution } from './distribution.js';
import { at, valueAt } from './table.js';

/** The times at which a call is considered, and what is expected of them. @internal */
export interface Nodes {
  /** Milliseconds, ascending; the first is 0. */
  readonly times: Float64Array;
  /** The part that has ended by then, from 0 to 1. */
  readonly ended: Float64Array;
  /** The sum of the durations of that part. */
  readonly moment: Float64Array;
}

/**
 * Chooses times for calls: closer where an optimum schedule has its calls closer.
 *
 * @param early - Times before the distribution begins, ascending.
 * @param count - How many times are chosen from there on, at least two.
 * @internal
 */
export function nodesOf(
  { times, ended }: Distribution,
  early: readonly number[],
  count: number,
): Nodes {
  // Keller's density of calls: the square root of the hazard.
  let sum = 0;
  const density = times.map((time, i) => {
    if (i === 0) return 0;
    const ends = at(ended, i) - at(ended, i - 1);
    sum += Math.sqrt((ends * (time - at(times, i - 1))) / (1 - at(ended, i) + LEAST_LEFT));
    return sum;
  });
  // And some everywhere.
  const measure = density.map((part, i) => part / sum + (SPREAD * i) / times.length);
  const [begin, most] = [at(times, 0), at(measure, measure.length - 1)];
  const likely = Array.from({ length: count }, (_, i) =>
    valueAt(measure, times, (most * i) / (count - 1)),
  );
  const chosen = Float64Array.from([0, ...early, ...likely]);
  const part = chosen.map((time) => (time < begin ? 0 : valueAt(times, ended, time)));
  return { times: chosen, ended: part, moment: momentOf(chosen, part) };
}

const SPREAD = 0.2;
const LEAST_LEFT = 0.001;

function momentOf(times: Float64Array, ended: Float64Array): Float64Array {
  let sum = 0;
  return times.map((time, i) => {
    if (i > 0) sum += ((at(ended, i) - at(ended, i - 1)) * (time + at(times, i - 1))) / 2;
    return sum;
  });
}

/**
 * How long after the end the result is seen, in the mean, with calls at some times: in milliseconds, for
 * what ends within the nodes.
 *
 * @param calls - Ascending; the last at the end of the nodes.
 * @internal
 */
export function meanDelay({ times, ended, moment }: Nodes, calls: Iterable<number>): number {
  let delay = -at(moment, moment.length - 1);
  let before = 0;
  for (const call of calls) {
    const part = valueAt(times, ended, call);
    delay += call * (part - before);
    before = part;
  }
  return delay;
}
