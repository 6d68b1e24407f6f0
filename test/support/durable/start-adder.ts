import { bundleOf } from './bundle.js';
import type { EngineAddress } from './engine.js';
import { endProcess, messageOf, startScript } from './processes.js';

/** Another process that adds waits. */
export interface Adder {
  readonly add: (names: readonly string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts another process that adds waits to a queue. */
export async function startAdder({ kind, port }: EngineAddress, queue: string): Promise<Adder> {
  const settings = JSON.stringify({ engine: { kind, port }, queue });
  const adder = startScript(await bundleOf('adder'), { ADDER: settings });
  await messageOf(adder, 'ready');
  return {
    add: async (names) => {
      const added = messageOf(adder, 'added');
      adder.child.send({ names });
      await added;
    },
    stop: () => endProcess(adder, 'SIGKILL'),
  };
}
