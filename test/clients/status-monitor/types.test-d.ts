import { waitForDone, type OperationsClient } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorMetadata } from 'rx-lro/status-monitor';
import { expectTypeOf, test } from 'vitest';

interface Film {
  readonly id: string;
}

test('the client is one for all that takes clients, with the type of its response', async () => {
  const monitor = statusMonitorClient<Film>();
  expectTypeOf(monitor).toExtend<OperationsClient<Film, StatusMonitorMetadata>>();
  const operation = await monitor.operation(fetch('https://api.example.com'), { method: 'PUT' });
  expectTypeOf(operation.metadata).toEqualTypeOf<StatusMonitorMetadata | null | undefined>();
  expectTypeOf(await waitForDone(monitor, operation)).toEqualTypeOf<Film>();
});
