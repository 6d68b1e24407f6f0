// How soon the news of a large fleet is, and what it costs. By hand:
// node --import tsx test/bench/fleet.ts

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { measureFleetNews, type FleetNews, type FleetScene } from './fleet/news.js';
import { table } from './table.js';

const script = fileURLToPath(new URL('fleet/measure.mjs', import.meta.url));
const MINUTE = 60_000;
const SEED = 1;

const scene: FleetScene = {
  operations: 10_000,
  callsPerSecond: 5,
  latency: 50,
  durations: [10 * MINUTE, 600 * MINUTE],
  time: 30 * MINUTE,
  seed: SEED,
};

/** What the figures of `fleetNewsTable` are of. */
export const fleetNewsText = `10,000 operations under one parent run at every moment, log-uniform from 10 minutes to 10 hours: one that
is known to be done makes place for another. ${scene.callsPerSecond} calls per second, ${scene.latency} ms each, 1,000 operations on a page; the
service lists an operation for ten minutes after its end. Seed ${SEED}, in made-up time: half an hour with
sweeps, and three hours without.`;

/** How soon the news of 10,000 operations is: by sweeps, and by a Get for each within the same limit. */
export function fleetNewsTable(): string {
  const rows: readonly (readonly [string, FleetNews])[] = [
    ['`fleetClient` with `sweep`', measureFleetNews({ ...scene, pageSize: 1000 })],
    ['`fleetClient` without', measureFleetNews({ ...scene, time: 180 * MINUTE })],
  ];
  return table(
    ['', 'ended', 'calls', 'mean delay', 'p99 delay', 'longest without a look', 'failed'],
    rows.map(([name, news]) => [
      name,
      whole(news.ended),
      whole(news.calls),
      seconds(news.delay),
      seconds(news.p99),
      seconds(news.gap),
      whole(news.failed),
    ]),
  );
}

/** What a process costs that watches a fleet. */
export interface FleetCost {
  /** How many operations are watched. */
  readonly operations: number;
  /** All that is in use, in bytes. */
  readonly heap: number;
  /** What was in use before the first one was watched: the code, and the names. */
  readonly before: number;
  /** Of what came on top, bytes for each operation: what the fleet itself holds. */
  readonly fleet: number;
  /** The part of one core that it takes. */
  readonly cores: number;
}

/**
 * What 100,000 operations cost in one process that watches them by `waitForDone` of `dist`: memory, and the part
 * of a core.
 */
export async function measureFleetCost(operations: number = 100_000): Promise<FleetCost> {
  // No loader of this process: the child is to run what is published.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const args = ['--expose-gc', script, String(operations)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as FleetCost;
}

export function fleetCostTable({ operations, heap, before, fleet, cores }: FleetCost): string {
  return table(
    ['watched', 'heap in all', 'for each', 'of it the fleet', 'of one core'],
    [
      [
        whole(operations),
        `${(heap / 1e6).toFixed(0)} MB`,
        `${whole((heap - before) / operations)} B`,
        `${whole(fleet)} B`,
        `${(100 * cores).toFixed(0)} %`,
      ],
    ],
  );
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value < 100 ? value.toFixed(2) : whole(value)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(fleetCostTable(await measureFleetCost()));
  console.log(fleetNewsTable());
}
