import type { BackoffFunction } from 'rx-lro';
import { backoffOf } from '../support/backoff-of.js';

export type Draw = () => number;

/** Numbers from 0 to 1, the same in each run. */
export function randomNumbers(seed: number): Draw {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  // The first numbers are much like those of other seeds.
  for (let i = 0; i < 20; i += 1) draw();
  return draw;
}

/** Durations that are log-normal, in milliseconds. */
export function logNormal(draw: Draw, count: number, median: number, sigma: number): number[] {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return Array.from({ length: count }, () => median * Math.exp(sigma * normal()));
}

/** What a call takes, in milliseconds: it is answered half of that after the server read it. */
export const LATENCY = 50;

/** What became of one operation, or in the mean of several. */
export interface Outcome {
  /** How many calls it took. */
  readonly calls: number;
  /** How long after the end the result was there, in milliseconds. */
  readonly delay: number;
}

/** What a wait saw of an operation when it was done. */
export interface End {
  readonly elapsed: number;
  readonly within: number | undefined;
}

/** Watches one operation from its start on, of which only the name is known. */
export function watch(
  duration: number,
  backoff: BackoffFunction,
  onEnd?: (end: End) => void,
): Outcome {
  const operation = { name: 'operations/1', done: false };
  const memory = {};
  let elapsed = 0;
  let delay = 0;
  let seenAt: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const asked = elapsed;
    elapsed += LATENCY;
    if (asked + LATENCY / 2 >= duration) {
      onEnd?.({ elapsed, within: seenAt === undefined ? undefined : elapsed - seenAt });
      return { calls: attempt, delay: elapsed - duration };
    }
    seenAt = asked;
    delay = backoff({ attempt, elapsed, delay, operation, memory });
    elapsed += delay;
  }
}

export function meanOf(outcomes: readonly Outcome[]): Outcome {
  const mean = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length;
  return { calls: mean(({ calls }) => calls), delay: mean(({ delay }) => delay) };
}

export const watchAll = (durations: readonly number[], backoff: BackoffFunction): Outcome =>
  meanOf(durations.map((duration) => watch(duration, backoff)));

/** The default of the library. */
export const plain: BackoffFunction = backoffOf({});
