import {
  DatabaseAdminClient,
  InstanceAdminClient,
} from '@google-cloud/spanner/build/src/v1/index.js';
import { GoogleAuth, GrpcClient, googleAuthLibrary } from 'google-gax';
import { Code, OperationFailedError, CallFailedError, poll, waitForDone } from 'rx-lro';
import { gaxClient, gaxOperation } from 'rx-lro/gax';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  findSpannerEmulator,
  startSpannerEmulator,
  type SpannerEmulator,
} from '../../integration/spanner-emulator.js';
import { failureOf } from '../../support/failure-of.js';

const found = findSpannerEmulator();
const missing = 'missing' in found ? found.missing : undefined;
const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;

describe.skipIf(skipped !== '')(`generated clients of Cloud Spanner${skipped}`, () => {
  let emulator: SpannerEmulator;
  let instances: InstanceAdminClient;
  let databases: DatabaseAdminClient;

  beforeAll(async () => {
    if (!('gateway' in found)) return;
    emulator = await startSpannerEmulator(found.gateway);
    const [servicePath, port] = emulator.grpcAddress.split(':');
    const auth = new GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() });
    const sslCreds = new GrpcClient({ auth }).grpc.credentials.createInsecure();
    const options = { servicePath, port: Number(port), sslCreds, auth, projectId: 'p' };
    instances = new InstanceAdminClient(options as never);
    databases = new DatabaseAdminClient(options as never);
  });

  afterAll(async () => {
    await Promise.all([instances?.close(), databases?.close()]);
    await emulator?.stop();
  });

  test('give an instance, a database and its changes, decoded and typed', async () => {
    const [creation] = await instances.createInstance({
      parent: 'projects/p',
      instanceId: 'my-instance',
      instance: {
        config: 'projects/p/instanceConfigs/emulator-config',
        displayName: 'Ü',
        nodeCount: 1,
      },
    });
    const instance = await waitForDone(...gaxOperation(creation));
    expect(instance.name).toBe('projects/p/instances/my-instance');
    expect(instance.displayName).toBe('Ü');

    const [making] = await databases.createDatabase({
      parent: 'projects/p/instances/my-instance',
      createStatement: 'CREATE DATABASE books',
    });
    const last = await lastValueFrom(poll(...gaxOperation(making)));
    expect(last.response?.name).toBe('projects/p/instances/my-instance/databases/books');
    expect(last.metadata?.database).toBe('projects/p/instances/my-instance/databases/books');

    const database = 'projects/p/instances/my-instance/databases/books';
    const statements = ['CREATE TABLE t (id INT64) PRIMARY KEY (id)'];
    const [change] = await databases.updateDatabaseDdl({ database, statements });
    // Its response is empty: that is an empty message.
    expect(await waitForDone(...gaxOperation(change))).toEqual({});

    // The same operation by its name alone, as in a process that resumes.
    const client = gaxClient(databases);
    expect(await client.get({ name: making.name ?? '' })).toMatchObject({ done: true });

    const wrong = ['CREATE TABLE t (id INT64) PRIMARY KEY (id)'];
    const failing = await databases
      .updateDatabaseDdl({ database, statements: wrong })
      .then(([operation]) => waitForDone(...gaxOperation(operation)))
      .catch((error: unknown) => error);
    expect(failing).toBeInstanceOf(Error);
    expect(failing).toMatchObject({ message: expect.stringContaining('Duplicate name') as string });
    if (failing instanceof OperationFailedError) expect(failing.code).not.toBe(Code.UNKNOWN);

    const lost = waitForDone(client, `${database}/operations/none`);
    const error = (await failureOf(lost)) as CallFailedError;
    expect(error).toBeInstanceOf(CallFailedError);
    expect([error.code, error.cause instanceof Error]).toEqual([Code.NOT_FOUND, true]);
  });
});
