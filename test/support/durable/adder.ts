// A second process that adds waits. It ends with the process that started it.

import { operationWaits } from 'rx-lro/bullmq';

import type { EngineAddress } from './engine.js';
import { connectionOf } from './engines.js';

const { engine, queue } = JSON.parse(process.env['ADDER'] ?? '') as {
  readonly engine: EngineAddress;
  readonly queue: string;
};
const waits = operationWaits({ queue, ...connectionOf(engine) });

async function add(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => waits.add(name, { kind: 'usual' })));
  process.send?.({ kind: 'added' });
}

// What is thrown ends the process, so that the test hears of it.
process.on('message', ({ names }: { readonly names: readonly string[] }) => void add(names));
process.once('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
