import { setTimeout as pause } from 'node:timers/promises';

import type { Engine } from '../../support/durable/engine.js';
import { fewestWithin, mostWithin } from '../../support/durable/operation-record.js';
import { setScene } from '../../support/durable/scene.js';
import { atLeast, atMost, plain, type Figure } from './figure.js';

const SECONDS = 40;

/** A budget of 100 calls per second over three workers, with work for five times as many. */
export async function measureBudget(engine: Engine): Promise<readonly Figure[]> {
  const scene = await setScene(engine, 'budget', 3, {
    callsPerSecond: 100,
    backoff: { startingDelay: 1_000, timeMultiple: 1, maxDelay: 1_000 },
  });
  const minute = { shortest: 120_000, longest: 120_000 };
  await scene.addAll(await scene.service.start({ prefix: 'op', count: 500, ...minute }), 'steady');
  await pause(1_000 * SECONDS);
  const times = await scene.service.arrivals();
  const whole = [times[0]! + 1_000, times.at(-1)!] as const;
  const figures = [
    atMost('calls in any 10 s, per second', mostWithin(times, 10_000) / 10, 105),
    atMost('calls in any one second', mostWithin(times, 1_000), 150),
    atLeast('calls in any 10 s, per second', fewestWithin(times, 10_000, whole) / 10, 85),
    plain('calls in all', times.length),
  ];
  await scene.close();
  return figures;
}
