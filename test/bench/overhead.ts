// What a client costs by itself: heap for each watched operation, and CPU for each call. By hand, for
// some subjects alone: node --import tsx test/bench/overhead.ts rx-lro google-gax
// It measures what is in `dist`.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { median } from './statistics.js';
import { subjects } from './subjects.mjs';

const script = fileURLToPath(new URL('overhead/measure.mjs', import.meta.url));
const measures = ['cpu', 'delay', 'call'] as const;
type Measure = (typeof measures)[number];

/** What one subject costs. */
export interface Overhead {
  readonly name: string;
  /** CPU time of a call, in microseconds. */
  readonly cpu: number;
  /** Heap of an operation that waits for its next call, in bytes. */
  readonly delay: number;
  /** Heap of an operation that waits for an answer, in bytes. */
  readonly call: number;
}

export const overheadSubjects: readonly string[] = Object.keys(subjects);

/**
 * Measures each subject in processes of its own, all of them in turn, and that several times.
 *
 * @param repetitions - Of which the median is given.
 */
export function measureOverhead(
  names: readonly string[] = overheadSubjects,
  repetitions: number = 3,
): Overhead[] {
  const figures = new Map<string, number[]>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const name of names) {
      for (const measure of measures) {
        const key = `${name} ${measure}`;
        figures.set(key, [...(figures.get(key) ?? []), measureOne(name, measure)]);
      }
    }
  }
  const of = (name: string, measure: Measure): number =>
    median(figures.get(`${name} ${measure}`) ?? []);
  return names.map((name) => ({
    name,
    cpu: of(name, 'cpu'),
    delay: of(name, 'delay'),
    call: of(name, 'call'),
  }));
}

function measureOne(name: string, measure: Measure): number {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', script, name, measure],
    // No loader of this process: the child is to run what is published.
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  if (status !== 0) throw new Error(`${name}, ${measure}: ended with ${status}\n${stderr}`);
  return Number(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  console.table(
    measureOverhead(names.length > 0 ? names : overheadSubjects).map((figures) => ({
      subject: figures.name,
      'us / call': figures.cpu.toFixed(1),
      'bytes, between calls': Math.round(figures.delay),
      'bytes, in a call': Math.round(figures.call),
    })),
  );
}
