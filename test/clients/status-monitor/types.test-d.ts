import { waitForDone, waitForOperation, type Operation, type OperationsClient } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorMetadata } from 'rx-lro/status-monitor';
import { expectTypeOf, test } from 'vitest';

interface Film {
  readonly id: string;
}

test('the client is one for all that takes clients, with the type of its response', async () => {
  const monitor = statusMonitorClient<Film>();
  expectTypeOf(monitor).toExtend<OperationsClient<Film, StatusMonitorMetadata>>();
  const operation = await monitor.operation(fetch('https://api.example.com'), { method: 'PUT' });
  expectTypeOf(operation.metadata).toEqualTypeOf<StatusMonitorMetadata | undefined>();
  expectTypeOf(await waitForDone(monitor, operation)).toEqualTypeOf<Film>();
});

test('what is started has a name to keep, and is a snapshot', async () => {
  const monitor = statusMonitorClient<Film>();
  const operation = await monitor.operation(fetch('https://api.example.com'));
  expectTypeOf(operation.name).toEqualTypeOf<string>();
  expectTypeOf(operation).toExtend<Operation<Film, StatusMonitorMetadata>>();
  expectTypeOf(await waitForDone(monitor, operation.name)).toEqualTypeOf<Film>();
  expectTypeOf(await waitForOperation(monitor, operation)).toEqualTypeOf<
    Operation<Film, StatusMonitorMetadata>
  >();
});
