import { setTimeout as pause } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { lostCancels, outcomeOf, trueOutcomeOf } from '../../support/durable/outcomes.js';
import { setScene } from '../../support/durable/scene.js';
import { startAdder } from '../../support/durable/start-adder.js';
import { closeCleanly, untilHandled, withProcesses } from './with-processes.js';

withProcesses((engine) => {
  test(
    'no wait is lost, and none ends without a verdict, when a worker and the engine are killed',
    { timeout: 120_000 },
    async () => {
      const scene = await setScene(engine(), 'killed', 3);
      const names = await scene.service.start({
        prefix: 'killed',
        count: 200,
        shortest: 3_000,
        longest: 6_000,
      });
      await scene.addAll(names);
      const awaited = names.filter((_, place) => place % 5 === 0);
      const outcomes = Promise.all(awaited.map((name) => outcomeOf(scene.waits.waitForDone(name))));

      await pause(1_500);
      await scene.workers.shift()!.kill();
      await pause(1_000);
      await engine().kill();
      await pause(1_000);
      await engine().restart();
      await scene.addWorker();

      await untilHandled(scene, names.length);
      expect(await outcomes).toEqual(awaited.map(() => 'done'));
      const summary = await scene.service.summary();
      expect(summary.duplicates).toBeLessThanOrEqual(5);
      expect(summary.mostCallsAtOnce).toBe(1);
      // A job that ends without a verdict is a fault of the engine: taskforcesh/bullmq#4814.
      const known = await Promise.all(names.map((name) => scene.waits.get(name)));
      expect(known.map((each) => each?.verdict?.operation?.response)).toEqual(
        names.map((name) => ({ made: name })),
      );
      await closeCleanly(scene);
    },
  );

  test(
    'a cancel reaches the server from another process at any moment, and in a backlog',
    { timeout: 120_000 },
    async () => {
      const scene = await setScene(engine(), 'cancelled', 2, { callsPerSecond: 60 });
      const long = { shortest: 20_000, longest: 20_000 };
      const first = await scene.service.start({ prefix: 'first', count: 10, ...long });
      const slow = await scene.service.start({
        prefix: 'slow',
        count: 10,
        latency: 1_000,
        ...long,
      });
      const later = await scene.service.start({
        prefix: 'later',
        count: 30,
        shortest: 3_000,
        longest: 8_000,
      });
      const rest = await scene.service.start({
        prefix: 'rest',
        count: 150,
        shortest: 3_000,
        longest: 6_000,
      });
      const cancelledAt = new Map<string, number>();
      const cancel = async (name: string): Promise<void> => {
        cancelledAt.set(name, Date.now());
        await scene.waits.cancel(name, 'it is not needed');
      };
      // The others stand before them.
      await scene.addAll([...rest, ...slow, ...later]);
      const begun = first.map(async (name) => {
        await scene.waits.add(name, { kind: 'usual' });
        await cancel(name);
      });
      await Promise.all(begun);
      await pause(1_000);
      await Promise.all(slow.map(cancel));
      const killed = scene.workers.shift()!;
      await Promise.all(
        later.map(async (name, place) => {
          await pause(100 * place);
          await Promise.all([cancel(name), place === 10 ? killed.kill() : undefined]);
        }),
      );
      const cancelled = [...cancelledAt.keys()];
      const outcomes = await Promise.all(
        cancelled.map((name) => outcomeOf(scene.waits.waitForDone(name))),
      );
      const records = new Map(
        (await scene.service.records()).map((record) => [record.name, record]),
      );
      expect(outcomes).toEqual(cancelled.map((name) => trueOutcomeOf(records.get(name)!)));
      expect(lostCancels([...records.values()], cancelledAt)).toEqual([]);
      // These cannot have ended by themselves.
      expect([...first, ...slow].map((name) => trueOutcomeOf(records.get(name)!))).toEqual(
        [...first, ...slow].map(() => '1'),
      );
      await closeCleanly(scene);
    },
  );

  test(
    'a name that two processes add at once is waited for once: before, during and after',
    { timeout: 60_000 },
    async () => {
      const scene = await setScene(engine(), 'twice', 0);
      const names = await scene.service.start({
        prefix: 'twice',
        count: 40,
        shortest: 2_000,
        longest: 4_000,
        latency: 100,
      });
      const adder = await startAdder(engine(), scene.queue);
      const addTwice = async (): Promise<void> => {
        await Promise.all([adder.add(names), scene.addAll(names)]);
      };
      await addTwice();
      await scene.addWorker();
      await scene.addWorker();
      for (let round = 0; round < 10; round += 1) {
        await addTwice();
        await pause(200);
      }
      await untilHandled(scene, names.length);
      const before = await scene.service.summary();
      await addTwice();
      await pause(500);
      expect(
        await Promise.all(names.map((name) => outcomeOf(scene.waits.waitForDone(name)))),
      ).toEqual(names.map(() => 'done'));
      expect(await scene.service.summary()).toEqual(before);
      expect(before).toMatchObject({ mostCallsAtOnce: 1, duplicates: 0 });
      await adder.stop();
      await closeCleanly(scene);
    },
  );
});
