import {
  Code,
  CallFailedError,
  OperationFailedError,
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  poll,
  progressOf,
  statusFrom,
  waitForDone,
} from 'rx-lro';
import { jobClient, type JobClientOptions, type JobPage } from 'rx-lro/job';
import { VirtualTime } from 'rx-lro/testing';
import { lastValueFrom, of, throwError, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';

interface Build {
  readonly id: string;
  readonly state: 'running' | 'ok' | 'broken';
  readonly percent?: number;
}

const toOperation: JobClientOptions<Build, string, { progressPercent: number }>['toOperation'] = ({
  id,
  state,
  percent = 0,
}) => ({
  done: state !== 'running',
  response: state === 'ok' ? `${id}.tar` : undefined,
  error: state === 'broken' ? 'It is broken.' : undefined,
  metadata: { progressPercent: percent },
});

const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

describe('a job', () => {
  test('is polled until it is done, with its id as the name', async () => {
    const scheduler = new VirtualTime();
    const states: readonly Build[] = [
      { id: '7', state: 'running', percent: 10 },
      { id: '7', state: 'running', percent: 60 },
      { id: '7', state: 'ok', percent: 100 },
    ];
    let count = 0;
    const builds = jobClient({ get: async () => states[count++]!, toOperation });
    const all = await scheduler.runUntil(
      lastValueFrom(poll(builds, '7', { scheduler }).pipe(toArray())),
    );
    expect(all.map(progressOf)).toEqual([0.1, 0.6, 1]);
    expect(all.map(({ name }) => name)).toEqual(['7', '7', '7']);
    expect(all.at(-1)?.response).toBe('7.tar');
  });

  test('that a start call answered with is a snapshot', async () => {
    const builds = jobClient({
      idOf: ({ id }) => id,
      get: async (id): Promise<Build> => ({ id, state: 'ok' }),
      toOperation,
    });
    const started = builds.operation({ id: '7', state: 'running' });
    expect(started).toMatchObject({ name: '7', done: false });
    expect(await waitForDone(builds, started)).toBe('7.tar');
    const { operation } = jobClient({
      get: async (id): Promise<Build> => ({ id, state: 'ok' }),
      toOperation,
    });
    expect(() => operation({ id: '7', state: 'ok' })).toThrow(/idOf/);
  });

  test.each<[string, object | string, number, string]>([
    ['a text', 'It is broken.', Code.UNKNOWN, 'It is broken.'],
    ['a Status', { code: Code.ABORTED, message: 'Stopped.' }, Code.ABORTED, 'Stopped.'],
    ['a part of a Status', { message: 'Oh.' }, Code.UNKNOWN, 'Oh.'],
    ['an Error', new Error('Oh.'), Code.UNKNOWN, 'Oh.'],
  ])('fails with %s', async (_, error, code, message) => {
    const builds = jobClient({
      get: async (id) => id,
      toOperation: () => ({ done: true, error }),
    });
    const failure = (await failureOf(waitForDone(builds, '7'))) as OperationFailedError;
    expect(failure).toBeInstanceOf(OperationFailedError);
    expect([failure.code, failure.status.message]).toEqual([code, message]);
  });

  test('may come from an Observable', async () => {
    const builds = jobClient({ get: (id) => of({ id, state: 'ok' } as const), toOperation });
    expect(await waitForDone(builds, '7')).toBe('7.tar');
    const broken = jobClient({
      get: () => throwError(() => ({ code: Code.PERMISSION_DENIED, message: 'No.' })),
      toOperation: () => ({ done: true }),
    });
    expect(await failureOf(waitForDone(broken, '7'))).toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });

  test('has the signal and the time of each call', async () => {
    const seen: unknown[] = [];
    const builds = jobClient({
      get: async (id, { signal, timeout }): Promise<Build> => {
        seen.push(id, signal.aborted, timeout);
        return { id, state: 'ok' };
      },
      toOperation,
    });
    await getOperation(builds, '7', { callTimeout: 5_000 });
    expect(seen).toEqual(['7', false, 5_000]);
  });
});

describe('a mistake in toOperation ends the wait, and is told with the id', () => {
  test('when it throws', async () => {
    const bug = new TypeError('It is undefined.');
    const builds = jobClient({
      get: async () => ({}),
      toOperation: () => {
        throw bug;
      },
    });
    const error = (await failureOf(waitForDone(builds, '7'))) as CallFailedError;
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error.message).toContain('`toOperation` failed for the job "7"');
    expect((error.cause as Error).cause).toBe(bug);
  });

  test.each([undefined, null, {}, { done: 'yes' }, 7])('when it gives %o', async (state) => {
    const builds = jobClient({ get: async () => ({}), toOperation: () => state as never });
    const error = await failureOf(waitForDone(builds, '7'));
    expect((error as Error).message).toMatch(/`toOperation` must give .* "7"/);
  });
});

describe('what there is besides', () => {
  test('is passed on: cancel, delete and list', async () => {
    const seen: unknown[] = [];
    const builds = jobClient({
      idOf: ({ id }: Build) => id,
      get: async (id): Promise<Build> => ({ id, state: 'ok' }),
      toOperation,
      cancel: async (id) => seen.push('cancel', id),
      delete: (id) => of(seen.push('delete', id)),
      list: async ({ pageToken }): Promise<JobPage<Build>> => ({
        jobs: [{ id: pageToken ?? 'first', state: 'running' }],
        nextPageToken: pageToken === undefined ? 'second' : '',
      }),
    });
    await cancelOperation(builds, '7');
    await deleteOperation(builds, '8');
    expect(seen).toEqual(['cancel', '7', 'delete', '8']);
    const all = await lastValueFrom(listOperations(builds, { name: 'builds' }).pipe(toArray()));
    expect(all.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  test('is missing otherwise: UNIMPLEMENTED', async () => {
    const builds = jobClient({
      get: async (id): Promise<Build> => ({ id, state: 'ok' }),
      toOperation,
    });
    expect(Object.keys(builds).toSorted()).toEqual(['get', 'operation']);
    const error = await failureOf(cancelOperation(builds, '7'));
    expect(statusFrom(error).code).toBe(Code.UNIMPLEMENTED);
  });
});

test.each([
  [undefined, 'options'],
  [{}, 'get'],
  [{ get: async (): Promise<void> => undefined }, 'toOperation'],
  [{ get: async (): Promise<void> => undefined, toOperation: 7 }, 'toOperation'],
  [
    {
      get: async (): Promise<void> => undefined,
      toOperation: (): object => ({}),
      cancel: true,
    },
    'cancel',
  ],
])('jobClient refuses %o', (options, named) => {
  const make = (): unknown => jobClient(options as never);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(named);
});
