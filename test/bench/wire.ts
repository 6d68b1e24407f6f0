// What a call over a protocol costs by this library, as a multiple of what it costs bare. Alone, with what is in
// `dist`; without a protocol it measures both:
// npm run build && node --import tsx test/bench/wire.ts http

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { median, medianInterval } from './statistics.js';
import { table } from './table.js';

const script = fileURLToPath(new URL('wire/measure.mjs', import.meta.url));

type Protocol = 'http' | 'grpc';

/** What calls cost: for each subject the CPU of a call in each round, in microseconds. The first is bare. */
export type WireCost = readonly (readonly [name: string, rounds: readonly number[]])[];

/** What the figures of `wireTable` are of. */
export const wireText = `60 operations are watched at once over loopback, with 20 ms from an answer to the next call. The server is a process
of its own. CPU is that of the whole process that asks, with its garbage collection. A run makes 3,600 calls
of each subject of a protocol, in 4 parts that alternate with those of the others; there are 21 runs. A ratio is to
the bare calls of the same run. Bare calls have a time limit of their own, \`AbortSignal.timeout\` or a deadline.
Given are medians, and the interval that holds the median of the ratio with a probability of 95 %.`;

/** Measures the subjects of one protocol in one process, in turn. */
export async function measureWire(protocol: Protocol, rounds: number): Promise<WireCost> {
  // No loader of this process: the child is to run what is published.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const args = [script, protocol, String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Object.entries(JSON.parse(stdout) as Record<string, number[]>);
}

export function wireTable(costs: readonly WireCost[]): string {
  return table(['', 'CPU of a call', 'relative to bare', 'interval'], costs.flatMap(rowsOf));
}

function rowsOf(cost: WireCost): string[][] {
  const [, bare] = cost[0]!;
  return cost.map(([name, rounds], index) => {
    const figure = `${median(rounds).toFixed(0)} us`;
    if (index === 0) return [name, figure, '1', ''];
    const ratios = rounds.map((each, round) => each / bare[round]!);
    const interval = medianInterval(ratios).map((limit) => limit.toFixed(2));
    return [name, figure, median(ratios).toFixed(2), interval.join(' to ')];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const costs = [];
  const asked = process.argv.slice(2);
  for (const protocol of asked.length === 0 ? ['http', 'grpc'] : asked) {
    costs.push(await measureWire(protocol as Protocol, 21));
  }
  console.log(wireTable(costs));
}
