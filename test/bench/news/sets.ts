const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Gives numbers from 0 to 1. */
export type Random = () => number;

/** How long the operations of one kind take. */
export interface DurationSet {
  readonly name: string;
  /** The duration for a part from 0 to 1, in milliseconds: chosen evenly, the parts make the set. */
  readonly at: (part: number) => number;
}

export const logUniform: DurationSet = {
  name: 'log-uniform, 0.5 s to 2 h',
  at: (part) => 0.5 * SECOND * ((2 * HOUR) / (0.5 * SECOND)) ** part,
};

const logNormal: DurationSet = {
  name: 'log-normal, median 2 min, sigma 1',
  at: (part) => 2 * MINUTE * Math.exp(normalQuantile(part)),
};

export const durationSets: readonly DurationSet[] = [
  logUniform,
  logNormal,
  {
    name: 'bimodal, about 2 s or about 10 min',
    at: (part) => {
      const [middle, rest] = part < 0.5 ? [2 * SECOND, part] : [10 * MINUTE, part - 0.5];
      return middle * Math.exp(0.3 * normalQuantile(2 * rest));
    },
  },
  {
    name: 'heavy-tailed, Pareto 1.1 from 10 s, at most 4 h',
    at: (part) => Math.min(10 * SECOND * (1 - part) ** (-1 / 1.1), 4 * HOUR),
  },
];

/**
 * Draws the durations of a set, in milliseconds: one from each of as many equal parts of it, so that
 * chance makes one draw as little different from another as can be.
 */
export function drawDurations({ at }: DurationSet, count: number, seed: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => at((index + random()) / count));
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Below which value that part of a normal distribution is, to 4 digits. */
function normalQuantile(part: number): number {
  if (part > 0.5) return -normalQuantile(1 - part);
  // Hastings, in Abramowitz and Stegun 26.2.23.
  const t = Math.sqrt(-2 * Math.log(Math.max(part, 1e-12)));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return above / below - t;
}
