const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Gives numbers from 0 to 1. */
export type Random = () => number;

/** How long the operations of one kind take. */
export interface DurationSet {
  readonly name: string;
  /** Draws one, in milliseconds. */
  readonly draw: (random: Random) => number;
}

export const logUniform: DurationSet = {
  name: 'log-uniform, 0.5 s to 2 h',
  draw: (random) => 0.5 * SECOND * (2 * HOUR / (0.5 * SECOND)) ** random(),
};

export const durationSets: readonly DurationSet[] = [
  logUniform,
  {
    name: 'log-normal, median 2 min, sigma 1',
    draw: (random) => 2 * MINUTE * Math.exp(normal(random)),
  },
  {
    name: 'bimodal, about 2 s or 10 min',
    draw: (random) => (random() < 0.5 ? 2 * SECOND : 10 * MINUTE) * Math.exp(0.3 * normal(random)),
  },
  {
    name: 'heavy-tailed, Pareto 1.1 from 10 s, at most 4 h',
    draw: (random) => Math.min(10 * SECOND * (1 - random()) ** (-1 / 1.1), 4 * HOUR),
  },
];

/** The durations of a set for a seed, in milliseconds. */
export function drawDurations({ draw }: DurationSet, count: number, seed: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => draw(random));
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

// Box and Muller.
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
