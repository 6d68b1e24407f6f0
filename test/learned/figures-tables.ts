import { table } from '../bench/table.js';
import { besidePlain, besideRivals, SEEDS } from './figures.js';
import type { Outcome } from './simulation.js';

const sigmas = [1, 0.5, 0.2];
const show = ({ calls, delay }: Outcome): string => `${calls.toFixed(2)}, ${delay.toFixed(2)}`;

/** Where the durations and the seeds of the figures come from. */
export const source: string =
  'Log-normal durations, median 2 min; learned from 50 and tried with others of the same kind, in the ' +
  `mean of the seeds ${SEEDS[0]} to ${SEEDS.at(-1)}.`;

/** Calls and delay as parts of those of the default backoff, when the past was right and when it was wrong. */
export function learnedTable(): string {
  const rows = sigmas.flatMap((sigma) =>
    [undefined, 3, 1.4].map((maxFactor) => {
      const { same, shorter, longer } = besidePlain(sigma, { maxFactor });
      return [String(sigma), String(maxFactor ?? ''), show(same), show(shorter), show(longer)];
    }),
  );
  return table(
    ['sigma', '`maxFactor`', 'as learned from', 'ten times shorter', 'ten times longer'],
    rows,
  );
}

/**
 * The delay as a part of that of the best capped exponential backoff with no more calls, and the cost beside
 * the least that can be, when a call is worth some delay.
 */
export function rivalsTable(): string {
  const rows = sigmas.flatMap((sigma) =>
    [500, 1_000, 2_500, 4_000].map((worth) => {
      const { calls, learned, optimum, cost } = besideRivals(sigma, worth);
      const figures = [learned, optimum, cost].map((figure) => figure.toFixed(3));
      return [String(sigma), `${worth} ms`, calls.toFixed(1), ...figures];
    }),
  );
  return table(
    [
      'sigma',
      '`worth`',
      'calls',
      'relative to the best exponential',
      'the optimum, likewise',
      'cost',
    ],
    rows,
  );
}
