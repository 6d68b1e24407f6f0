import { setTimeout as pause } from 'node:timers/promises';

import type { Engine } from '../../support/durable/engine.js';
import { queueOf } from '../../support/durable/engines.js';
import { endScripts } from '../../support/durable/processes.js';
import { setScene } from '../../support/durable/scene.js';
import type { Costs } from '../../support/durable/worker-options.js';
import { startWorker, type StartedWorker } from '../../support/durable/workers.js';
import { atMost, plain, type Figure } from './figure.js';

const WAITS = 100;
const WARM_UP = 5_000;
const TIME = 40_000;

/** What one step costs a worker. */
interface StepCost {
  /** Milliseconds of CPU. */
  readonly cpu: number;
  readonly roundTrips: number;
}

/**
 * The cost of a step beside that of a bare job that calls the service by `fetch` and delays itself, both at the same
 * time, with a worker each.
 */
export async function measureCost(engine: Engine): Promise<readonly Figure[]> {
  const backoff = { startingDelay: 500, timeMultiple: 1, maxDelay: 500 };
  const [own, bare] = await Promise.all([
    setScene(engine, 'cost', 1, { backoff }),
    setScene(engine, 'bare', 0),
  ]);
  const long = { prefix: 'op', count: WAITS, shortest: 600_000, longest: 600_000 };
  const bareWorker = await startWorker(
    {
      engine: { kind: engine.kind, port: engine.port },
      queue: 'bare',
      service: bare.service.url,
      backoff,
    },
    'bare-job',
  );
  await own.addAll(await own.service.start(long), 'steady');
  const jobs = queueOf(engine, 'bare');
  await jobs.addBulk(
    (await bare.service.start(long)).map((name) => ({ name: 'bare', data: { name } })),
  );
  await jobs.close();
  await pause(WARM_UP);
  const [step, bareStep] = await Promise.all([
    costOf(own.workers[0]!, async () => (await own.service.summary()).calls),
    costOf(bareWorker, async () => (await bare.service.summary()).calls),
  ]);
  await own.waits.close();
  await bare.waits.close();
  await endScripts();
  return [
    atMost('worker CPU beside the bare job', step.cpu / bareStep.cpu, 1.3, ' x'),
    plain('worker CPU of a step', `${step.cpu.toFixed(2)} ms`),
    plain('worker CPU of a bare step', `${bareStep.cpu.toFixed(2)} ms`),
    // Beside the commands of a step there are those that wait for the next one, which differ by chance.
    atMost(
      'more round trips than the bare job',
      Math.round(step.roundTrips - bareStep.roundTrips),
      1,
    ),
    plain('round trips of a step', step.roundTrips),
    plain('round trips of a bare step', bareStep.roundTrips),
  ];
}

async function costOf(worker: StartedWorker, calls: () => Promise<number>): Promise<StepCost> {
  const [before, callsBefore] = [await worker.report(), await calls()];
  await pause(TIME);
  const [after, callsAfter] = [await worker.report(), await calls()];
  const each = (cost: (costs: Costs) => number): number =>
    (cost(after) - cost(before)) / (callsAfter - callsBefore);
  return { cpu: each(({ cpu }) => 1_000 * cpu), roundTrips: each(({ roundTrips }) => roundTrips) };
}
