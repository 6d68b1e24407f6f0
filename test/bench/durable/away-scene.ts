import { setTimeout as pause } from 'node:timers/promises';

import type { Engine } from '../../support/durable/engine.js';
import { outcomeOf } from '../../support/durable/outcomes.js';
import { setScene } from '../../support/durable/scene.js';
import { until } from '../../support/durable/until.js';
import { exactly, plain, type Figure } from './figure.js';

const COUNT = 300;
const AWAY = 30_000;

/** An engine that is away for 30 seconds in the middle of 300 waits. */
export async function measureAway(engine: Engine): Promise<readonly Figure[]> {
  const scene = await setScene(engine, 'away', 3);
  const { service, waits, workers } = scene;
  const names = await service.start({
    prefix: 'op',
    count: COUNT,
    shortest: 5_000,
    longest: 50_000,
  });
  await scene.addAll(names);
  const watched = names.filter((_, place) => place % 10 === 0);
  const outcomes = Promise.all(watched.map((name) => outcomeOf(waits.waitForDone(name))));
  await pause(10_000);
  await engine.kill();
  await pause(AWAY);
  await engine.restart();
  await until(async () => (await service.summary()).handled === COUNT, {
    within: 120_000,
    what: 'all are handled',
    every: 500,
  });
  const settled = await Promise.race([outcomes, pause(30_000, [])]);
  const summary = await service.summary();
  const reports = await Promise.all(workers.map((worker) => worker.report()));
  const told = (type: string): number =>
    Math.max(...reports.map(({ events }) => events[type] ?? 0));
  const ends = await scene.close();
  return [
    exactly('lost', COUNT - summary.handled, 0),
    exactly(
      'awaited by another process, and done',
      settled.filter((each) => each === 'done').length,
      watched.length,
    ),
    plain('duplicate runs of the handler', summary.duplicates),
    exactly('events `engine-away` of each worker', told('engine-away'), 1),
    exactly('events `engine-back` of each worker', told('engine-back'), 1),
    plain('events `lock-lost` of a worker, at most', told('lock-lost')),
    exactly(
      'workers that threw, or did not end by themselves',
      ends.workers.filter(({ exit }) => exit !== 0).length,
      0,
    ),
  ];
}
