import type { BackoffFunction, Operation } from 'rx-lro';

/** Gives numbers from 0 to 1. */
export type Draw = () => number;

/** Numbers that are the same in each run with the same seed (mulberry32). */
export function randomNumbers(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** How long operations take, in milliseconds. */
export const durationSets: readonly (readonly [string, (draw: Draw) => number])[] = [
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

/** The progress that is told when a part of the time is over, from 0 to 1; undefined where none is. */
export type Course = (part: number) => number | undefined;

/** Progress that is told in even steps. */
export function inSteps(count: number, course: (part: number) => number = (part) => part): Course {
  return (part) => Math.floor(Math.min(course(Math.min(part, 1)), 1) * count + 1e-9) / count;
}

/** The same for every call, in milliseconds. */
export const LATENCY = 50;

/** What it took to watch one operation. */
export interface Outcome {
  readonly calls: number;
  /** From the end until it is known, in milliseconds. */
  readonly delay: number;
}

/** How an operation is watched. */
interface WatchOptions {
  /** The part of the time that is over when the watching begins. Default 0. */
  readonly from?: number;
}

/** Watches an operation until it is known to be done. */
export function watchOperation(
  duration: number,
  course: Course,
  backoff: BackoffFunction,
  { from = 0 }: WatchOptions = {},
): Outcome {
  const memory = {};
  const rest = duration * (1 - from);
  let elapsed = 0;
  let delay = 0;
  for (let attempt = 1; ; attempt += 1) {
    const part = from + (elapsed + LATENCY / 2) / duration;
    elapsed += LATENCY;
    if (part >= 1) return { calls: attempt, delay: elapsed - rest };
    const operation = snapshotOf(course(part));
    delay = backoff({ attempt, elapsed, delay, operation, memory });
    elapsed += delay;
  }
}

/** A snapshot that tells its progress, from 0 to 1. */
export function snapshotOf(progress: number | undefined): Operation {
  const metadata = progress === undefined ? {} : { progressPercent: progress * 100 };
  return { name: 'operations/1', done: false, metadata };
}

/** The means over many operations. */
export function meansOf(
  durations: readonly number[],
  course: Course,
  backoff: BackoffFunction,
  options?: WatchOptions,
): Outcome {
  const outcomes = durations.map((duration) => watchOperation(duration, course, backoff, options));
  const mean = (part: keyof Outcome): number =>
    outcomes.reduce((sum, outcome) => sum + outcome[part], 0) / outcomes.length;
  return { calls: mean('calls'), delay: mean('delay') };
}
