// Prints what a learned backoff brings: node --import tsx test/learned/print-figures.ts

import { besidePlain, besideRivals, SEEDS } from './figures.js';
import type { Outcome } from './simulation.js';

const sigmas = [1, 0.5, 0.2];
const row = (...cells: readonly (string | number)[]): void =>
  console.log(`| ${cells.join(' | ')} |`);
const show = ({ calls, delay }: Outcome): string => `${calls.toFixed(3)} / ${delay.toFixed(2)}`;

console.log(`Log-normal, median 2 min; learned from 50, tried with others; ${SEEDS.length} seeds.`);
console.log('\nCalls / delay, as parts of those of the default backoff:\n');
row('sigma', 'options', 'as before', 'ten times shorter', 'ten times longer');
row('---', '---', '---', '---', '---');
for (const sigma of sigmas) {
  for (const options of [{}, { maxFactor: 3 }, { maxFactor: 1.4 }]) {
    const { same, shorter, longer } = besidePlain(sigma, options);
    row(sigma, JSON.stringify(options), show(same), show(shorter), show(longer));
  }
}
console.log(
  '\nDelay beside the best capped exponential with no more calls, and cost beside the optimum:\n',
);
row('sigma', 'worth', 'calls', 'learned', 'optimum', 'cost');
row('---', '---', '---', '---', '---', '---');
for (const sigma of sigmas) {
  for (const worth of [500, 1_000, 2_500, 4_000]) {
    const { calls, learned, optimum, cost } = besideRivals(sigma, worth);
    row(sigma, worth, calls.toFixed(1), learned.toFixed(3), optimum.toFixed(3), cost.toFixed(3));
  }
}
