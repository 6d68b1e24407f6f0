import { setTimeout as sleep } from 'node:timers/promises';

import FakeTimers from '@sinonjs/fake-timers';
import { describe, expect, it, vi } from 'vitest';
import { waitForDone, type OperationsClient } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { hangFirst, name, options, scriptedClient, verbs } from './verbs.js';

const { callTimeout, backoff } = options;

const all: typeof verbs = [
  ...verbs,
  [
    'a fleet',
    (client) =>
      waitForDone(fleetClient(client, { callTimeout, backoff, callsPerSecond: 1000 }), name, {
        backoff,
      }),
  ],
];

const clocks: readonly (readonly [by: string, onFakeClock: (work: () => void) => void])[] = [
  [
    'vitest',
    (work) => {
      vi.useFakeTimers();
      work();
      vi.advanceTimersByTime(50);
      vi.useRealTimers();
    },
  ],
  [
    '@sinonjs/fake-timers',
    (work) => {
      const clock = FakeTimers.install();
      work();
      clock.tick(50);
      clock.uninstall();
    },
  ],
];

/** What an earlier test may leave behind: everything that asks, with a call that is never answered. */
function abandonAll(): void {
  const hangs: OperationsClient = scriptedClient(() => new Promise(() => undefined));
  // What they end with, should a clock ever get to it, is of no interest.
  for (const [, run] of all) run(hangs).catch(() => undefined);
}

describe.each(clocks)(
  'after waits were left pending on a fake clock of %s [report 3]',
  (_, onFakeClock) => {
    it.concurrent.each(all)(
      'a call of %s that hangs is given up and made again',
      async (_verb, run) => {
        onFakeClock(abandonAll);
        let calls = 0;
        const client = scriptedClient((call) => {
          calls = call;
          return hangFirst(call);
        });
        const ended = run(client).then(() => 'ended');
        expect(await Promise.race([ended, sleep(10_000, 'still waiting', { ref: false })])).toBe(
          'ended',
        );
        expect(calls).toBeGreaterThan(1);
      },
    );
  },
);
