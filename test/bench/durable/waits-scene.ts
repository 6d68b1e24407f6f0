import { setTimeout as pause } from 'node:timers/promises';

import type { Engine } from '../../support/durable/engine.js';
import type { Summary } from '../../support/durable/operation-record.js';
import { lostCancels, outcomeOf, trueOutcomeOf } from '../../support/durable/outcomes.js';
import { setScene, type Scene } from '../../support/durable/scene.js';
import type { WorkerReport } from '../../support/durable/worker-options.js';
import { atMost, exactly, plain, type Figure } from './figure.js';
import { memoryOf } from './redis-info.js';

/** Many waits over three workers, and what happens to them meanwhile. Times are in milliseconds. */
export interface WaitsPlan {
  readonly count: number;
  readonly shortest: number;
  readonly longest: number;
  readonly callsPerSecond?: number;
  /** How many another process waits for. */
  readonly awaited: number;
  /** When a worker is killed, and when the engine is. */
  readonly kills?: { readonly worker: number; readonly engine: number; readonly away: number };
  /** How many are cancelled, one after the other, and from when on. */
  readonly cancels?: { readonly count: number; readonly from: number; readonly every: number };
  /** How much memory may be taken, in megabytes. */
  readonly memory?: { readonly worker: number; readonly redis: number };
  /** When it is given up. */
  readonly limit: number;
}

const MEGABYTE = 1e6;

/** Runs a plan and measures it. */
export async function measureWaits(
  engine: Engine,
  queue: string,
  plan: WaitsPlan,
): Promise<readonly Figure[]> {
  const { count, callsPerSecond } = plan;
  const scene = await setScene(
    engine,
    queue,
    3,
    callsPerSecond === undefined ? {} : { callsPerSecond },
  );
  const empty = engine.kind === 'redis' ? await memoryOf(engine.port) : undefined;
  const { shortest, longest } = plan;
  const names = await scene.service.start({ prefix: 'op', count, shortest, longest });
  const begun = Date.now();
  await scene.addAll(names);
  const added = Date.now() - begun;
  const watched = names.filter((_, place) => place % Math.ceil(count / plan.awaited) === 0);
  let settled = 0;
  const outcomes = Promise.all(
    watched.map(async (name) => {
      const outcome = await outcomeOf(scene.waits.waitForDone(name));
      settled = Date.now();
      return outcome;
    }),
  );
  const cancelledAt = new Map<string, number>();
  const events = [killAll(engine, scene, plan), cancelSome(scene, names, plan, cancelledAt)];
  await Promise.all(events);
  await handled(scene, count, begun + plan.limit);
  const settledInTime = await Promise.race([outcomes, pause(60_000, [])]);
  const summary = await scene.service.summary();
  const known = await verdicts(scene, names);
  const records = new Map((await scene.service.records()).map((each) => [each.name, each]));
  const reports = await Promise.all(scene.workers.map((worker) => worker.report()));
  const redis = empty && { empty: empty.now, peak: (await memoryOf(engine.port)).peak };
  const rightCancels = [...cancelledAt.keys()].filter(
    (name) => known.get(name) === trueOutcomeOf(records.get(name)!),
  );
  const { workers } = await scene.close();
  return [
    plain('added in', `${(added / 1000).toFixed(1)} s`),
    exactly('lost', count - summary.handled, 0),
    exactly(
      'completed without a verdict',
      [...known.values()].filter((each) => each === '').length,
      0,
    ),
    atMost('duplicate runs of the handler', summary.duplicates, 5),
    exactly('most calls at once about one operation', summary.mostCallsAtOnce, 1),
    exactly('awaited by another process, and settled', settledInTime.length, watched.length),
    atMost(
      'the last of them after the last result',
      Math.max(0, settled - summary.lastHandled) / 1000,
      20,
      ' s',
    ),
    ...(plan.cancels === undefined
      ? []
      : [
          exactly(
            'cancels that were lost',
            lostCancels([...records.values()], cancelledAt).length,
            0,
          ),
          exactly(
            "cancelled ones whose verdict is the server's",
            rightCancels.length,
            plan.cancels.count,
          ),
          plain('of them cancelled in time', summary.cancelled),
        ]),
    ...rateFigures(summary, Date.now() - begun),
    ...memoryFigures(plan, reports, redis),
    exactly(
      'workers that did not end by themselves',
      workers.filter(({ exit }) => exit !== 0).length,
      0,
    ),
  ];
}

async function killAll(engine: Engine, scene: Scene, { kills }: WaitsPlan): Promise<void> {
  if (kills === undefined) return;
  await pause(kills.worker);
  await scene.workers.shift()!.kill();
  await pause(kills.engine - kills.worker);
  await engine.kill();
  await pause(kills.away);
  await engine.restart();
  await scene.addWorker();
}

async function cancelSome(
  { waits }: Scene,
  names: readonly string[],
  { cancels }: WaitsPlan,
  cancelledAt: Map<string, number>,
): Promise<void> {
  if (cancels === undefined) return;
  await pause(cancels.from);
  const step = Math.floor(names.length / cancels.count);
  const chosen = Array.from({ length: cancels.count }, (_, place) => names[place * step]!);
  await Promise.all(
    chosen.map(async (name, place) => {
      await pause(place * cancels.every);
      await untilTaken(() => waits.cancel(name, 'it is not needed'));
      // From then on nothing may lose it.
      cancelledAt.set(name, Date.now());
    }),
  );
}

/** Tries again what an engine has refused because it was away. */
async function untilTaken(write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch {
      await pause(500);
    }
  }
}

async function handled({ service }: Scene, count: number, limit: number): Promise<void> {
  while ((await service.summary()).handled < count && Date.now() < limit) await pause(1_000);
}

/** How each wait ended, as the engine keeps it: empty where it does not know. */
async function verdicts({ waits }: Scene, names: readonly string[]): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (let start = 0; start < names.length; start += 500) {
    const chunk = names.slice(start, start + 500);
    const found = await Promise.all(chunk.map((name) => waits.get(name)));
    for (const [place, name] of chunk.entries()) {
      const verdict = found[place]?.verdict;
      const outcome = verdict?.operation?.error?.code ?? verdict?.error?.kind ?? 'done';
      known.set(name, verdict === undefined ? '' : String(outcome));
    }
  }
  return known;
}

function rateFigures({ calls, delay, operations }: Summary, time: number): Figure[] {
  return [
    plain('calls for each operation', calls / operations),
    plain('calls per second', (1000 * calls) / time),
    plain('delay of a result: mean', `${(delay.mean / 1000).toFixed(2)} s`),
    plain('delay of a result: 99 of 100 within', `${(delay.p99 / 1000).toFixed(2)} s`),
  ];
}

function memoryFigures(
  { count, memory }: WaitsPlan,
  reports: readonly WorkerReport[],
  redis: { readonly empty: number; readonly peak: number } | undefined,
): Figure[] {
  const worker = Math.max(...reports.map((report) => report.memory)) / MEGABYTE;
  if (memory === undefined) {
    return [plain('memory of a worker, at its peak', `${worker.toFixed(0)} MB`)];
  }
  const workers = atMost('memory of a worker, at its peak', worker, memory.worker, ' MB');
  if (redis === undefined) return [workers];
  const { empty, peak } = redis;
  return [
    workers,
    atMost('memory of Redis, at its peak', peak / MEGABYTE, memory.redis, ' MB'),
    atMost('of it for each wait', (peak - empty) / count, 2_000, ' B'),
  ];
}
