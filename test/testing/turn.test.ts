import { expect, test } from 'vitest';
import { turnFrom, type TurnSources } from '../../src/testing/turn.js';

const sources = globalThis as unknown as TurnSources;
const { setTimeout, MessageChannel } = sources;

test.each([
  ['whatever the platform has', sources],
  ['a message channel', { setTimeout, MessageChannel }],
  ['a timer where there is nothing else', { setTimeout }],
])('a turn by %s comes after every promise that can settle', async (_, from) => {
  const turn = turnFrom(from);
  let depth = 0;
  const run = async (): Promise<void> => {
    for (; depth < 5_000; depth += 1) await Promise.resolve();
  };
  void run();
  await turn();
  expect(depth).toBe(5_000);
});

test('a turn by setImmediate uses no timer and no channel', async () => {
  const calls: string[] = [];
  const turn = turnFrom({
    setImmediate: (callback) => {
      calls.push('immediate');
      callback();
    },
    setTimeout: () => calls.push('timer'),
  });
  await turn();
  expect(calls).toEqual(['immediate']);
});

test('a turn by a message channel leaves no port open', async () => {
  const closed: string[] = [];
  class Watched extends globalThis.MessageChannel {
    constructor() {
      super();
      for (const port of ['port1', 'port2'] as const) {
        const close = this[port].close.bind(this[port]);
        this[port].close = () => {
          closed.push(port);
          close();
        };
      }
    }
  }
  await turnFrom({ setTimeout, MessageChannel: Watched })();
  expect(closed).toEqual(['port1', 'port2']);
});

test('a turn whose setImmediate never comes is one by a message channel, and leaves nothing', async () => {
  const pending = new Set<object>();
  const turn = turnFrom({
    setImmediate: () => {
      const handle = {};
      pending.add(handle);
      return handle;
    },
    clearImmediate: (handle) => void pending.delete(handle),
    setTimeout,
    MessageChannel,
  });
  await turn();
  await turn();
  expect(pending.size).toBe(0);
});

test.each(['setImmediate', 'setTimeout'] as const)(
  'a turn is refused where a fake %s is all there is',
  async (name) => {
    const fake = Object.assign(() => undefined, { clock: {} });
    const turn = turnFrom({ setTimeout: fake, [name]: fake });
    await expect(turn()).rejects.toThrow(/VirtualTime needs a real timer.*import it before/);
  },
);
