// What a client costs by itself: heap for each watched operation, and CPU for each call. By hand, for
// some subjects alone: node --import tsx test/bench/overhead.ts rx-lro google-gax
// It measures what is in `dist`.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { median } from './statistics.js';
import { subjects } from './subjects.mjs';
import { table } from './table.js';

const script = fileURLToPath(new URL('overhead/measure.mjs', import.meta.url));
const REPETITIONS = 3;

/** CPU for each call; heap for each operation that waits for its next call, or for an answer. */
export type Measure = 'cpu' | 'delay' | 'call';

/** From the name of a subject to its figure: microseconds for `cpu`, bytes for the others. */
export type Figures = ReadonlyMap<string, number>;

/** Measures each subject several times, in processes of its own and all of them in turn. */
export async function measureOverhead(
  measure: Measure,
  names: readonly string[] = Object.keys(subjects),
): Promise<Figures> {
  const figures = new Map(names.map((name) => [name, [] as number[]]));
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    for (const [name, measured] of figures) measured.push(await measureOne(name, measure));
  }
  return new Map([...figures].map(([name, measured]) => [name, median(measured)]));
}

async function measureOne(name: string, measure: Measure): Promise<number> {
  // No loader of this process: the child is to run what is published.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const args = ['--expose-gc', script, name, measure];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Number(stdout);
}

/** The figures of a measure as text. */
export function overheadText(measure: Measure, figure: number): string {
  return measure === 'cpu'
    ? `${figure.toFixed(1)} us`
    : `${Math.round(figure).toLocaleString('en')} B`;
}

export function overheadTable(figures: Readonly<Record<Measure, Figures>>): string {
  const measures: readonly Measure[] = ['cpu', 'delay', 'call'];
  return table(
    ['', 'CPU of a call', 'heap between calls', 'heap in a call'],
    [...figures.cpu.keys()].map((name) => [
      name.replace(/, every .*/, ''),
      ...measures.map((measure) => overheadText(measure, figures[measure].get(name)!)),
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : undefined;
  const delay = await measureOverhead('delay', names);
  const call = await measureOverhead('call', names);
  const cpu = await measureOverhead('cpu', names);
  console.log(overheadTable({ cpu, delay, call }));
}
