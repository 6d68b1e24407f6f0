import { lastValueFrom, toArray } from 'rxjs';
import {
  CallFailedError,
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  listPages,
  poll,
  waitForDone,
  type OperationLike,
} from 'rx-lro';
import { restClient, type RestClient } from 'rx-lro/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findSpannerEmulator,
  startSpannerEmulator,
  type SpannerEmulator,
} from './spanner-emulator.js';
import { failureOf } from '../support/failure-of.js';

// What the emulator answers was seen with curl. It does all work within the start call, so a snapshot
// that is not done is one of before: kept by the caller, as in a process that resumes.
const found = findSpannerEmulator();
const missing = 'missing' in found ? found.missing : undefined;
const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;
if (skipped !== '') console.warn(`Tests against the Cloud Spanner emulator${skipped}`);

describe.skipIf(skipped !== '')(`the Cloud Spanner emulator${skipped}`, () => {
  let emulator: SpannerEmulator;
  let count = 0;

  beforeAll(async () => {
    if ('gateway' in found) emulator = await startSpannerEmulator(found.gateway);
  });

  afterAll(async () => {
    await emulator?.stop();
  });

  async function start(method: string, path: string, body: object): Promise<OperationLike> {
    const response = await fetch(`${emulator.baseUrl}/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw answer;
    return answer as OperationLike;
  }

  function createInstance(name: string): Promise<OperationLike> {
    const [, project, , instanceId] = name.split('/');
    const config = `projects/${project}/instanceConfigs/emulator-config`;
    const instance = { config, displayName: instanceId, nodeCount: 1 };
    return start('POST', `projects/${project}/instances`, { instanceId, instance });
  }

  function createDatabase(name: string): Promise<OperationLike> {
    const [instance, id] = name.split('/databases/');
    const createStatement = `CREATE DATABASE ${id}`;
    return start('POST', `${instance}/databases`, { createStatement });
  }

  function changeSchema(
    database: string,
    operationId: string,
    ...statements: string[]
  ): Promise<OperationLike> {
    return start('PATCH', `${database}/ddl`, { operationId, statements });
  }

  function instanceName(): string {
    return `projects/p/instances/instance-${(count += 1)}`;
  }

  async function newDatabase(): Promise<string> {
    const instance = instanceName();
    await createInstance(instance);
    const database = `${instance}/databases/db1`;
    await createDatabase(database);
    return database;
  }

  /** A database on which the schema change `change` is done; its operation's name. */
  async function doneChange(): Promise<string> {
    const database = await newDatabase();
    await changeSchema(database, 'change', table('t1'));
    return `${database}/operations/change`;
  }

  function recordingClient(): { readonly client: RestClient; readonly asked: string[] } {
    const { baseUrl } = emulator;
    const asked: string[] = [];
    const client = restClient({
      baseUrl,
      fetch: (url, init) => {
        asked.push(`${init.method} ${url.slice(`${baseUrl}/v1/`.length)}`);
        return fetch(url, init);
      },
    });
    return { client, asked };
  }

  describe('start', () => {
    it('gives an instance in the one snapshot of a start call that is done already, with no call [fact 8]', async () => {
      const { client, asked } = recordingClient();
      const name = instanceName();
      const started = await createInstance(name);
      const snapshots = await lastValueFrom(poll(client, started).pipe(toArray()));
      expect(snapshots).toEqual([started]);
      expect(snapshots[0]).toMatchObject({ done: true, response: { name, state: 'READY' } });
      expect(asked).toEqual([]);
    });

    it('gives a database of a start call that is given as a promise, typed by `response` [fact 13]', async () => {
      const { client, asked } = recordingClient();
      const instance = instanceName();
      await createInstance(instance);
      const database = `${instance}/databases/db1`;
      const started = createDatabase(database);
      const response = (value: unknown): string => (value as { name: string }).name;
      const snapshots = await lastValueFrom(poll(client, started, { response }).pipe(toArray()));
      expect(snapshots.map((each) => each.response)).toEqual([database]);
      expect(await waitForDone(client, started, { response })).toBe(database);
      expect(asked).toEqual([]);
    });

    it('gives the Empty of a schema change with an operation id of its own as it came [fact 5] [fact 45]', async () => {
      const { client } = recordingClient();
      const database = await newDatabase();
      const statements = [table('t1'), 'CREATE INDEX by_v ON t1(v)'];
      const started = changeSchema(database, 'two_statements', ...statements);
      const [snapshot] = await lastValueFrom(poll(client, started).pipe(toArray()));
      expect(snapshot).toMatchObject({
        name: `${database}/operations/two_statements`,
        done: true,
        metadata: { database, statements },
      });
      expect(await waitForDone(client, started)).toEqual({
        '@type': 'type.googleapis.com/google.protobuf.Empty',
        value: {},
      });
    });

    it('shows a schema change that failed on the data as a state, with its metadata [fact 9]', async () => {
      const { client } = recordingClient();
      const database = await newDatabase();
      await changeSchema(database, 'first', table('t1'));
      await insert(
        database,
        't1',
        ['k', 'v'],
        [
          ['1', '7'],
          ['2', '7'],
        ],
      );
      const started = changeSchema(
        database,
        'second',
        table('t2'),
        'CREATE UNIQUE INDEX by_v ON t1(v)',
      );
      const snapshots = await lastValueFrom(poll(client, started).pipe(toArray()));
      expect(snapshots).toMatchObject([{ done: true, error: { code: Code.FAILED_PRECONDITION } }]);
      const error = await failureOf(waitForDone(client, `${database}/operations/second`));
      expect(error).toBeInstanceOf(OperationFailedError);
      expect((error as Error).message).toContain('uniqueness violation on index by_v');
      expect(error).toMatchObject({
        codeName: 'FAILED_PRECONDITION',
        // One of the two statements was done before.
        operation: { metadata: { commitTimestamps: [expect.any(String)] } },
      });
    });

    it('tells an operation that could not be started from one that failed [fact 9] [fact 39]', async () => {
      const { client, asked } = recordingClient();
      const name = await doneChange();
      const [database = ''] = name.split('/operations/');
      const again = await failureOf(
        waitForDone(client, changeSchema(database, 'change', table('t2'))),
      );
      expect(again).toBeInstanceOf(CallFailedError);
      expect(again).toMatchObject({ method: 'start', codeName: 'ALREADY_EXISTS', attempts: 1 });
      const nonsense = await failureOf(
        waitForDone(client, changeSchema(database, 'next', 'CREATE x')),
      );
      expect(nonsense).toMatchObject({ method: 'start', codeName: 'INVALID_ARGUMENT' });
      const duplicate = await failureOf(
        waitForDone(client, changeSchema(database, 'next', table('t1'))),
      );
      expect(duplicate).toMatchObject({ method: 'start', codeName: 'FAILED_PRECONDITION' });
      expect(asked).toEqual([]);
    });
  });

  describe('resume', () => {
    it('learns the outcome by the name alone, in one call [fact 14]', async () => {
      const { client, asked } = recordingClient();
      const name = await doneChange();
      const snapshots = await lastValueFrom(poll(client, name).pipe(toArray()));
      expect(snapshots).toMatchObject([{ name, done: true }]);
      expect(asked).toEqual([`GET ${name}`]);
    });

    it('learns the outcome of a snapshot that was kept as JSON while it ran [fact 3]', async () => {
      const { client, asked } = recordingClient();
      const name = await doneChange();
      const kept = JSON.stringify({ name, metadata: { database: 'as it was' } });
      const revived = JSON.parse(kept) as OperationLike;
      const backoff = { startingDelay: 5 };
      const snapshots = await lastValueFrom(poll(client, revived, { backoff }).pipe(toArray()));
      expect(snapshots.map((each) => each.done)).toEqual([false, true]);
      expect(asked).toEqual([`GET ${name}`]);
      expect(await waitForDone(client, revived, { backoff })).toEqual(snapshots[1]?.response);
    });

    it('asks nothing about a done snapshot that went through JSON', async () => {
      const { client, asked } = recordingClient();
      const [first] = await lastValueFrom(poll(client, await doneChange()).pipe(toArray()));
      asked.length = 0;
      const revived = JSON.parse(JSON.stringify(first)) as OperationLike;
      expect(await lastValueFrom(poll(client, revived).pipe(toArray()))).toEqual([first]);
      expect(asked).toEqual([]);
    });

    it('waits for an operation that the server does not know yet when the caller has just started it [fact 32]', async () => {
      const { client } = recordingClient();
      const database = await newDatabase();
      const name = `${database}/operations/later`;
      const codes: string[] = [];
      let started: Promise<OperationLike> | undefined;
      const response = await waitForDone(
        client,
        { name },
        {
          backoff: { startingDelay: 5 },
          retry: { startingDelay: 5, maxDelay: 10 },
          onEvent: (event) => {
            if (event.type !== 'failure') return;
            codes.push(event.error.codeName);
            if (codes.length === 3) started = changeSchema(database, 'later', table('t1'));
          },
        },
      );
      expect(response).toEqual((await started)?.response);
      expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    });

    it('finds an operation by a name with a colon in it [fact 27]', async () => {
      const { client, asked } = recordingClient();
      const instance = 'projects/example.com:p/instances/instance-1';
      const { name = '' } = await createInstance(instance);
      expect(await waitForDone(client, name ?? '')).toMatchObject({ name: instance });
      expect(asked).toEqual([`GET ${name?.replace(':', '%3A')}`]);
    });

    it('still learns the outcome when the database of the operation is gone', async () => {
      const { client } = recordingClient();
      const name = await doneChange();
      await start('DELETE', name.split('/operations/')[0] ?? '', {});
      expect(await getOperation(client, name)).toMatchObject({ name, done: true });
    });
  });

  describe('list', () => {
    it('lists the operations of an instance and of a database, by the parent or the collection [fact 14] [fact 20]', async () => {
      const { client, asked } = recordingClient();
      const database = await newDatabase();
      await changeSchema(database, 'change', table('t1'));
      const [instance = ''] = database.split('/databases/');
      for (const parent of [instance, database]) {
        const byParent = await lastValueFrom(
          listOperations(client, { name: parent }).pipe(toArray()),
        );
        const byCollection = await lastValueFrom(
          listOperations(client, { name: `${parent}/operations` }).pipe(toArray()),
        );
        expect(byCollection).toEqual(byParent);
        expect(byParent.map((each) => each.done)).toEqual(
          parent === database ? [true, true] : [true],
        );
      }
      expect(new Set(asked)).toEqual(
        new Set([`GET ${instance}/operations`, `GET ${database}/operations`]),
      );
    });

    it('loses no operation, although this server takes no heed of a page size of 1 and gives one page [fact 24]', async () => {
      const { client, asked } = recordingClient();
      const database = await newDatabase();
      const ids = ['a1', 'a2', 'a3', 'a4'];
      for (const id of ids) await changeSchema(database, id, table(id));
      const request = { name: database, pageSize: 1 };
      const pages = await lastValueFrom(listPages(client, request).pipe(toArray()));
      expect(pages.map((page) => page.operations.length)).toEqual([1 + ids.length]);
      expect(asked).toEqual([`GET ${database}/operations?pageSize=1`]);
      const names: string[] = [];
      for await (const operation of listOperations(client, request)) names.push(operation.name);
      expect(names).toEqual(
        expect.arrayContaining(ids.map((id) => `${database}/operations/${id}`)),
      );
      expect(names).toHaveLength(1 + ids.length);
    });

    it('lists nothing where the answer is an empty object', async () => {
      const { client } = recordingClient();
      const request = { name: 'projects/p/instances/no-such-instance' };
      expect(await lastValueFrom(listOperations(client, request).pipe(toArray()))).toEqual([]);
    });

    it('passes on why the server does not list', async () => {
      const { client } = recordingClient();
      const error = await failureOf(
        lastValueFrom(listOperations(client, { name: 'operations' }), { defaultValue: undefined }),
      );
      expect(error).toMatchObject({ method: 'list', codeName: 'INVALID_ARGUMENT' });
    });
  });

  describe('what it does not offer or does not know', () => {
    it.each([
      ['cancel', cancelOperation, 'POST', ':cancel'],
      ['delete', deleteOperation, 'DELETE', ''],
    ] as const)(
      'says UNIMPLEMENTED for %s, after one try, by the rpc code of a bare Status with HTTP 501 [fact 15] [fact 39]',
      async (method, call, verb, suffix) => {
        const { client, asked } = recordingClient();
        const name = await doneChange();
        const error = await failureOf(call(client, name));
        expect(error).toBeInstanceOf(CallFailedError);
        expect(error).toMatchObject({
          method,
          code: Code.UNIMPLEMENTED,
          attempts: 1,
          cause: { cause: { status: 501, body: '{"code":12}' } },
        });
        expect(asked).toEqual([`${verb} ${name}${suffix}`]);
        expect(await getOperation(client, name)).toMatchObject({ done: true });
      },
    );

    it('says NOT_FOUND for an unknown name, at once, to a get, a poll and a wait', async () => {
      const name = 'projects/p/instances/instance-1/operations/unknown';
      for (const learn of [
        (client: RestClient) => getOperation(client, name),
        (client: RestClient) => lastValueFrom(poll(client, name)),
        (client: RestClient) => waitForDone(client, name),
      ]) {
        const { client, asked } = recordingClient();
        const error = await failureOf(learn(client));
        expect(error).toBeInstanceOf(CallFailedError);
        expect(error).toMatchObject({
          method: 'get',
          codeName: 'NOT_FOUND',
          status: { message: `Operation not found: ${name}` },
        });
        expect(asked).toEqual([`GET ${name}`]);
      }
    });
  });

  describe('abort', () => {
    it('cancels nothing that is done already', async () => {
      const { client, asked } = recordingClient();
      const done = await getOperation(client, await doneChange());
      asked.length = 0;
      const signal = AbortSignal.abort();
      expect(await waitForDone(client, done, { signal })).toEqual(done.response);
      expect(asked).toEqual([]);
    });

    it.each(['beforehand', 'during the delay'])(
      'learns the verdict by one more get when it was aborted %s and cancel is UNIMPLEMENTED [fact 15] [fact 16]',
      async (moment) => {
        const { client, asked } = recordingClient();
        const name = await doneChange();
        const controller = new AbortController();
        if (moment === 'beforehand') controller.abort();
        const snapshots = poll(
          client,
          { name },
          {
            signal: controller.signal,
            backoff: { startingDelay: 600_000 },
            onEvent: (event) => {
              if (event.type === 'delay') queueMicrotask(() => controller.abort());
            },
          },
        );
        const last = await lastValueFrom(snapshots);
        expect(last).toMatchObject({ name, done: true, response: { value: {} } });
        expect(asked).toEqual([`POST ${name}:cancel`, `GET ${name}`]);
      },
    );

    it('says that the cancel is not confirmed where there is no verdict to learn', async () => {
      const { client, asked } = recordingClient();
      const name = 'projects/p/instances/instance-1/operations/unknown';
      const reason = new Error('no more');
      const error = await failureOf(
        waitForDone(client, name, { signal: AbortSignal.abort(reason) }),
      );
      expect(error).toBeInstanceOf(CancelNotConfirmedError);
      expect(error).toMatchObject({ failure: { codeName: 'UNIMPLEMENTED' }, operation: { name } });
      expect((error as Error).cause).toBe(reason);
      expect(asked).toEqual([`POST ${name}:cancel`, `GET ${name}`]);
    });
  });

  async function insert(
    database: string,
    into: string,
    columns: string[],
    values: string[][],
  ): Promise<void> {
    const session = await start('POST', `${database}/sessions`, {});
    await start('POST', `${session.name}:commit`, {
      singleUseTransaction: { readWrite: {} },
      mutations: [{ insert: { table: into, columns, values } }],
    });
  }
});

function table(name: string): string {
  return `CREATE TABLE ${name} (k INT64, v INT64) PRIMARY KEY (k)`;
}
