import { setTimeout as pause } from 'node:timers/promises';

import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { expect, test } from 'vitest';

import {
  fewestWithin,
  mostWithin,
  summaryOf,
  type OperationRecord,
} from '../../support/durable/operation-record.js';
import { setScene } from '../../support/durable/scene.js';
import { closeCleanly, untilHandled, withProcesses } from './with-processes.js';

withProcesses((engine) => {
  test(
    'three workers share one budget of calls, also of less than one per second',
    { timeout: 60_000 },
    async () => {
      const backoff = { startingDelay: 500, timeMultiple: 1, maxDelay: 500 };
      const busy = await setScene(engine(), 'busy', 3, { callsPerSecond: 40, backoff });
      const slow = await setScene(engine(), 'slow', 3, { callsPerSecond: 0.5, backoff });
      const long = { prefix: 'long', shortest: 120_000, longest: 120_000 };
      // These are due 200 times per second.
      await busy.addAll(await busy.service.start({ count: 100, ...long }), 'steady');
      await slow.addAll(await slow.service.start({ count: 5, ...long }), 'steady');
      await pause(13_000);
      const times = await busy.service.arrivals();
      // Above the budget by what a busy machine delays, which arrives later.
      expect(mostWithin(times, 10_000)).toBeLessThanOrEqual(440);
      expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(80);
      const whole = [times[0]! + 1_000, times.at(-1)!] as const;
      expect(fewestWithin(times, 10_000, whole)).toBeGreaterThanOrEqual(340);
      const few = await slow.service.arrivals();
      expect(few.length).toBeGreaterThanOrEqual(5);
      expect(mostWithin(few, 10_000)).toBeLessThanOrEqual(6);
      await Promise.all([busy, slow].map(closeCleanly));
    },
  );

  test(
    'a wait on the engine makes no more calls than one in a process, and its result is as soon',
    { timeout: 60_000 },
    async () => {
      const scene = await setScene(engine(), 'compared', 2);
      const client = restClient({ baseUrl: scene.service.url });
      const request = { count: 15, shortest: 3_000, longest: 6_000 };
      const durable = await scene.service.start({ prefix: 'durable', ...request });
      const inProcess = await scene.service.start({ prefix: 'in-process', ...request });
      await Promise.all([
        scene.addAll(durable),
        ...inProcess.map(async (name) => {
          await waitForDone(client, name);
          await scene.service.run({ name, key: name, outcome: 'done' });
        }),
      ]);
      await untilHandled(scene, 30);
      const records = await scene.service.records();
      const of = (prefix: string): readonly OperationRecord[] =>
        records.filter(({ name }) => name.startsWith(`operations/${prefix}`));
      const [durableSummary, summary] = [summaryOf(of('durable')), summaryOf(of('in-process'))];
      expect(durableSummary.calls).toBeLessThanOrEqual(1.05 * summary.calls);
      expect(durableSummary.delay.mean).toBeLessThanOrEqual(summary.delay.mean + 250);
      await closeCleanly(scene);
    },
  );
});
