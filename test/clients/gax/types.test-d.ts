import type {
  DatabaseAdminClient,
  InstanceAdminClient,
} from '@google-cloud/spanner/build/src/v1/index.js';
import type { OperationsClient } from 'google-gax';
import { poll, waitForDone, type Operation } from 'rx-lro';
import { gaxClient, gaxOperation } from 'rx-lro/gax';
import type { Observable } from 'rxjs';
import { expectTypeOf, test } from 'vitest';

declare const instances: InstanceAdminClient;
declare const databases: DatabaseAdminClient;
declare const operations: OperationsClient;

// Nothing of this runs: only its types are looked at.
async function start() {
  const [creation] = await instances.createInstance({});
  const [backup] = await databases.createBackup({});
  return { creation, backup };
}
type Started = Awaited<ReturnType<typeof start>>;
declare const creation: Started['creation'];
declare const backup: Started['backup'];
type Instance = Awaited<ReturnType<typeof creation.promise>>[0];
type Metadata = Awaited<ReturnType<typeof creation.promise>>[1];

test('the response of a generated method arrives at waitForDone without a cast', () => {
  const wait = waitForDone(...gaxOperation(creation));
  expectTypeOf(wait).resolves.toEqualTypeOf<Instance>();
  expectTypeOf(wait).resolves.toHaveProperty('nodeCount');
  expectTypeOf(wait).resolves.not.toBeAny();
  expectTypeOf(waitForDone(...gaxOperation(backup, { timeout: 5 }))).resolves.toHaveProperty(
    'sizeBytes',
  );
});

test('its metadata arrives at poll', () => {
  expectTypeOf(poll(...gaxOperation(creation))).toExtend<
    Observable<Operation<Instance, Metadata>>
  >();
});

test('generated clients and their operationsClient are taken as they are', () => {
  expectTypeOf(gaxClient).toBeCallableWith(instances);
  expectTypeOf(gaxClient).toBeCallableWith(operations);
  expectTypeOf(waitForDone(gaxClient<{ pages: number }>(instances), 'a')).resolves.toEqualTypeOf<{
    pages: number;
  }>();
});

test('what is neither is refused', () => {
  // @ts-expect-error It has no operationsClient.
  gaxClient({ createInstance: async () => [] });
  // @ts-expect-error That is the tuple; its first part is the operation.
  gaxOperation([creation]);
});
