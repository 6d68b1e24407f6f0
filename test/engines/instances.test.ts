import { describe, expect, test } from 'vitest';

import { engines, queueOf } from '../support/durable/engines.js';
import { startService } from '../support/durable/fake-service.js';
import { isListening } from '../support/free-port.js';
import { runningProcesses } from '../support/durable/processes.js';

describe.each(engines)('$title', ({ start, isAvailable }) => {
  test.runIf(isAvailable)(
    'what was written survives SIGKILL, and nothing is left of it',
    async () => {
      const engine = await start();
      const queue = queueOf(engine, 'kept');
      queue.on('error', () => undefined);
      await queue.add('job', { text: 'kept' }, { jobId: 'one' });
      // Redis writes to its file within a second, and to the kernel at once.
      await engine.kill();
      expect(await isListening(engine.port)).toBe(false);
      await engine.restart();
      const job = await queue.getJob('one');
      expect(job?.data).toEqual({ text: 'kept' });
      await queue.close();
      await engine.stop();
      expect(await isListening(engine.port)).toBe(false);
      expect(runningProcesses()).toBe(0);
    },
  );
});

test('the fake service counts calls, runs of the handler and cancels', async () => {
  const service = await startService();
  const [name = '', other = ''] = await service.start({
    prefix: 'counted',
    count: 2,
    shortest: 60_000,
    longest: 60_000,
  });
  const get = (): Promise<Response> => fetch(`${service.url}/v1/${name}`);
  await Promise.all([get(), get()]);
  await fetch(`${service.url}/v1/${name}:cancel`, { method: 'POST' });
  const run = JSON.stringify({ name: other, key: 'key', outcome: 'done' });
  const runs = await Promise.all(
    [1, 2].map(async (): Promise<unknown> => {
      const response = await fetch(`${service.url}/run`, { method: 'POST', body: run });
      return response.json();
    }),
  );
  expect(runs).toEqual([{ runs: 1 }, { runs: 2 }]);
  expect(await service.summary()).toMatchObject({
    operations: 2,
    handled: 1,
    duplicates: 1,
    calls: 3,
    cancelsReceived: 1,
    cancelled: 1,
    mostCallsAtOnce: 2,
  });
  expect(await service.arrivals()).toHaveLength(3);
  await service.stop();
});
