import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';

import type { Engine } from '../../support/durable/engine.js';
import { engines } from '../../support/durable/engines.js';
import { endScripts } from '../../support/durable/processes.js';
import type { Scene } from '../../support/durable/scene.js';
import { until } from '../../support/durable/until.js';

/** Runs tests that start and kill processes, on each engine that is on this machine. */
export function withProcesses(define: (engine: () => Engine) => void): void {
  describe.each(engines)('on $title', ({ isAvailable, start }) => {
    describe.runIf(isAvailable)('with processes', () => {
      let engine: Engine;
      beforeAll(async () => {
        engine = await start();
      });
      afterEach(endScripts);
      afterAll(() => engine.stop());
      define(() => engine);
    });
  });
}

/** Waits until so many operations were handled. */
export async function untilHandled({ service }: Scene, count: number): Promise<void> {
  await until(async () => (await service.summary()).handled === count, {
    within: 60_000,
    what: `${count} operations are handled`,
    every: 200,
  });
}

/** Closes a scene: each worker process ends by itself, so no timer and no listener is left, and no job stays with one. */
export async function closeCleanly(scene: Scene): Promise<void> {
  const count = scene.workers.length;
  const { workers, active } = await scene.close();
  expect(workers.map(({ exit }) => exit)).toEqual(Array.from({ length: count }, () => 0));
  expect(active).toBe(0);
}
