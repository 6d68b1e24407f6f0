import { mock } from 'node:test';

import FakeTimers from '@sinonjs/fake-timers';
import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
  mock.timers.reset();
});

const makers: readonly (readonly [string, () => () => void])[] = [
  [
    'vitest',
    () => {
      vi.useFakeTimers();
      return () => vi.useRealTimers();
    },
  ],
  [
    'vitest with all that it can fake',
    () => {
      vi.useFakeTimers({
        toFake: [
          'setImmediate',
          'setTimeout',
          'setInterval',
          'Date',
          'queueMicrotask',
          'performance',
        ],
      });
      return () => vi.useRealTimers();
    },
  ],
  [
    '@sinonjs/fake-timers',
    () => {
      // Without these two no module can be imported here.
      const clock = FakeTimers.install({ toNotFake: ['nextTick', 'queueMicrotask'] });
      return () => clock.uninstall();
    },
  ],
  [
    'node:test',
    () => {
      mock.timers.enable({ apis: ['setImmediate', 'setTimeout', 'setInterval', 'Date'] });
      return () => mock.timers.reset();
    },
  ],
];

describe.each(makers)('where the fake timers of %s were on at import [report 7]', (_, fake) => {
  test('virtual time runs on', async () => {
    const restore = fake();
    try {
      vi.resetModules();
      const { waitForDone } = await import('rx-lro');
      const { FakeOperations, VirtualTime } = await import('rx-lro/testing');
      const scheduler = new VirtualTime();
      const service = new FakeOperations({ scheduler });
      const operation = service.start({ duration: 3_600_000, progress: true, response: 'made' });
      const wait = waitForDone(service.client, operation, { scheduler });
      expect(await scheduler.runUntil(wait)).toBe('made');
      await scheduler.advance(5);
    } finally {
      restore();
    }
  });
});
