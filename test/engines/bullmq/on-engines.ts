import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';

import type { Engine, EngineKind } from '../../support/durable/engine.js';
import { engines } from '../../support/durable/engines.js';
import { worldOf, type World } from './world.js';

/** What a test on an engine has. */
export interface Stage {
  /** The engine, which all tests of a file share. */
  readonly engine: () => Engine;
  /** The world of the test that runs. */
  readonly world: () => World;
}

/** Runs tests on each engine that is on this machine, or on one of them. */
export function onEngines(topic: string, define: (stage: Stage) => void, only?: EngineKind): void {
  const chosen = engines.filter(({ kind }) => only === undefined || kind === only);
  describe.each(chosen)(`${topic} on $title`, ({ isAvailable, start }) => {
    describe.runIf(isAvailable)('works', () => {
      let engine: Engine;
      let world: World;
      let tests = 0;
      beforeAll(async () => {
        engine = await start();
      });
      afterAll(() => engine.stop());
      beforeEach(() => {
        tests += 1;
        world = worldOf(engine, `${topic}-${tests}`);
      });
      afterEach(() => world.close());
      define({ engine: () => engine, world: () => world });
    });
  });
}
