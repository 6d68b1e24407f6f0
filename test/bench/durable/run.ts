// Measures waits on engines, in real time, and writes RESULTS.md beside this file. All of it takes about half an
// hour; `npm run bench:durable -- redis kills` measures one part of it, and leaves the others as they are.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { Engine, EngineKind } from '../../support/durable/engine.js';
import { isPostgresAvailable, startPostgres } from '../../support/durable/postgres-instance.js';
import { isRedisAvailable, startRedis } from '../../support/durable/redis-instance.js';
import { table } from '../table.js';
import { measureAway } from './away-scene.js';
import { measureBudget } from './budget-scene.js';
import { measureCost } from './cost-scene.js';
import type { Figure } from './figure.js';
import { measureCalls } from './starved-scene.js';
import { measureWaits, type WaitsPlan } from './waits-scene.js';

interface Measurement {
  readonly title: string;
  readonly measure: (engine: Engine) => Promise<readonly Figure[]>;
}

const minute = 60_000;
const waits = (queue: string, plan: WaitsPlan) => (engine: Engine) =>
  measureWaits(engine, queue, plan);

const measurements: Readonly<Record<string, Measurement>> = {
  kills: {
    title:
      '2,000 waits of 30 to 60 s, 150 calls per second; a worker is killed after 15 s, the engine after 24 s',
    measure: waits('kills', {
      count: 2_000,
      shortest: 0.5 * minute,
      longest: minute,
      callsPerSecond: 150,
      awaited: 100,
      kills: { worker: 15_000, engine: 24_000, away: 1_500 },
      cancels: { count: 50, from: 6_000, every: 500 },
      limit: 5 * minute,
    }),
  },
  many: {
    title: '20,000 waits of 40 to 80 s, 300 calls per second',
    measure: waits('many', {
      count: 20_000,
      shortest: 40_000,
      longest: 80_000,
      callsPerSecond: 300,
      awaited: 100,
      memory: { worker: 250, redis: 60 },
      limit: 8 * minute,
    }),
  },
  backlog: {
    title: '3,000 waits of 10 to 40 s, 100 calls per second: a backlog of half a minute',
    measure: waits('backlog', {
      count: 3_000,
      shortest: 10_000,
      longest: 40_000,
      callsPerSecond: 100,
      awaited: 100,
      cancels: { count: 50, from: 2_000, every: 200 },
      limit: 5 * minute,
    }),
  },
  budget: { title: 'A budget of 100 calls per second, due: 500', measure: measureBudget },
  calls: { title: '30 waits of 10 to 30 s, beside `waitForDone`', measure: measureCalls },
  cost: { title: 'One step, beside a bare job', measure: measureCost },
  away: { title: '300 waits of 5 to 50 s; the engine is away for 30 s', measure: measureAway },
};

const engines: Readonly<
  Record<EngineKind, { isAvailable: () => boolean; start: () => Promise<Engine> }>
> = {
  redis: { isAvailable: isRedisAvailable, start: startRedis },
  postgres: { isAvailable: isPostgresAvailable, start: () => startPostgres('a power cut') },
};

const results = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const chosen = process.argv.slice(2);
const isChosen = (word: string, among: readonly string[]): boolean =>
  !chosen.some((each) => among.includes(each)) || chosen.includes(word);

for (const kind of ['redis', 'postgres'] as const) {
  if (!isChosen(kind, Object.keys(engines))) continue;
  if (!engines[kind].isAvailable()) {
    console.error(`Left out: ${kind} is not on this machine.`);
    continue;
  }
  for (const [name, measurement] of Object.entries(measurements)) {
    if (isChosen(name, Object.keys(measurements))) await run(kind, name, measurement);
  }
}
// Whatever a measurement that failed has left behind.
process.exit();

async function run(kind: EngineKind, name: string, { title, measure }: Measurement): Promise<void> {
  const before = loadavg()[0]!;
  const engine = await engines[kind].start();
  try {
    const figures = await measure(engine);
    const load = `Load of the machine (${cpus().length} cores): ${before.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after.`;
    write(`${kind} ${name}`, `### ${title}\n\n${tableOf(figures)}\n\n${load}`);
  } catch (error) {
    console.error(`${kind} ${name}:`, error);
    process.exitCode = 1;
  } finally {
    await engine.stop();
  }
}

function tableOf(figures: readonly Figure[]): string {
  return table(
    ['', 'measured', 'promised', ''],
    figures.map(({ what, value, bound = '', isKept }) => [
      what,
      value,
      bound,
      isKept === undefined ? '' : isKept ? 'kept' : 'not kept',
    ]),
  );
}

/** Puts one part of the results in place of the one that was there. */
function write(name: string, text: string): void {
  console.log(`\n${name}\n\n${text}`);
  const page = readFileSync(results, 'utf8');
  const block = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
  writeFileSync(
    results,
    page.replace(block, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`),
  );
}
