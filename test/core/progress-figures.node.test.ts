import { afterAll, describe, expect, it } from 'vitest';
import { progressBackoff } from 'rx-lro';
import { backoffOf } from '../support/backoff-of.js';
import {
  durationSets,
  inSteps,
  meansOf,
  randomNumbers,
  type Course,
} from '../support/simulated-polling.js';

// Not those by which the rule was found.
const seeds = [20_261_125, 20_261_126, 20_261_127, 20_261_128, 20_261_129];
const OPERATIONS = 300;

// The most of the mean delay of plain backoff, for each course of progress; for no more calls.
const courses: readonly [string, Course, number][] = [
  ['even steps of 1 %', inSteps(100), 1 / 10],
  ['even steps of 10 %', inSteps(10), 1 / 3],
  ['even steps of 25 %', inSteps(4), 1 / 2],
  ['steps of 10 %, fast first', inSteps(10, Math.sqrt), 1 / 2],
  ['steps of 10 %, slow first', inSteps(10, (part) => part ** 2), 1 / 2],
  ['steps of 1 %, fast first', inSteps(100, Math.sqrt), 1 / 2],
  ['steps of 1 %, slow first', inSteps(100, (part) => part ** 2), 1 / 2],
];

// For these the result is no later, and the calls are few more, at the most this many times as many.
const strange: readonly [string, Course, number, from?: number][] = [
  ['100 % after four fifths of the time', inSteps(10, (part) => part / 0.8), 1.2],
  ['100 % after half of the time', inSteps(100, (part) => part / 0.5), 1.25],
  ['99 % after a third of the time', inSteps(100, (part) => Math.min(3 * part, 0.99)), 1.25],
  [
    'standing still for a third of the time',
    inSteps(10, (part) => (part < 0.5 ? part : part < 0.8 ? 0.5 : 0.5 + (part - 0.8) * 2.5)),
    1,
  ],
  ['nothing done for half of the time', inSteps(100, (part) => Math.max(0, 2 * part - 1)), 1.05],
  ['running backwards', (part) => inSteps(10)(part < 0.4 ? 2 * part : part), 1],
  ['one step in the middle', inSteps(2), 1.05],
  ['rounded to the nearest 10 %', (part) => Math.round(part * 10) / 10, 1.02],
  ['rounded up to 10 %', (part) => Math.ceil(part * 10) / 10, 1.15],
  ['told only once', (part) => (part < 0.6 ? undefined : 0.6), 1],
  ['seen from 60 % on, in steps of 1 %', inSteps(100), 1, 0.6],
  ['seen from 65 % on, in steps of 10 %', inSteps(10), 1.05, 0.65],
  ['seen from 60 % on, in steps of 25 %', inSteps(4), 1.05, 0.6],
];

const told: string[] = [`seeds ${seeds.join(', ')}, ${OPERATIONS} operations each`];
afterAll(() => console.log(told.join('\n')));

describe.each(durationSets)('with durations that are %s', (set, draw) => {
  const durations = seeds.flatMap((seed) => {
    const numbers = randomNumbers(seed);
    return Array.from({ length: OPERATIONS }, () => draw(numbers));
  });
  const none: Course = () => undefined;
  const plain = meansOf(durations, none, backoffOf({}));
  told.push(`${set}; plain: ${plain.calls.toFixed(1)} calls, ${plain.delay.toFixed(0)} ms`);

  function compare(course: Course, name: string, from = 0): { calls: number; delay: number } {
    const base = from === 0 ? plain : meansOf(durations, none, backoffOf({}), { from });
    const aware = meansOf(durations, course, progressBackoff(), { from });
    const [calls, delay] = [aware.calls / base.calls, aware.delay / base.delay];
    told.push(
      `${set}; ${name}: ${calls.toFixed(3)} of the calls, ${delay.toFixed(3)} of the delay`,
    );
    return { calls, delay };
  }

  it.each(courses)('progress in %s brings the result sooner for no more calls', (name, ...rest) => {
    const [course, most] = rest;
    const { calls, delay } = compare(course, name);
    expect(delay).toBeLessThan(most);
    expect(calls).toBeLessThanOrEqual(1);
  });

  it.each(strange)('progress that is %s is survived', (name, course, most, from) => {
    const { calls, delay } = compare(course, name, from);
    expect(delay).toBeLessThanOrEqual(1);
    expect(calls).toBeLessThanOrEqual(most);
  });
});
