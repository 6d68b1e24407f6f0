import {
  Code,
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  waitForDone,
  type ListOperationsRequest,
  type OperationFailedError,
} from 'rx-lro';
import { operationFromCompute } from 'rx-lro/compute';
import { jobClient, type JobClientOptions, type JobState } from 'rx-lro/job';
import { VirtualTime } from 'rx-lro/testing';
import { Observable, firstValueFrom, lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';

import { failureOf } from '../support/failure-of.js';

async function* stream(job: unknown): AsyncGenerator {
  yield job;
  throw new Error('Nobody asks for a second one.');
}

/** A promise that can do no more than `await` asks for. */
function thenable(job: unknown): object {
  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  return { then: (take: (value: unknown) => void) => take(job) };
}

/** What `toOperation` is given, as the response. */
async function jobOf(answer: unknown): Promise<unknown> {
  const jobs = jobClient({
    get: () => answer,
    toOperation: (job) => ({ done: true, response: { job } }),
  });
  const { response } = await getOperation(jobs, '7', { retry: { numOfAttempts: 1 } });
  return response?.job;
}

describe('what `get` of a jobClient gives without a promise is the job itself', () => {
  class Job {
    readonly state = 'ok';
    subscribe(): void {}
  }

  it.each<[string, unknown]>([
    ['a text', 'running'],
    ['an empty text', ''],
    ['an object', { state: 'ok' }],
    ['a list', ['first', 'second']],
    ['an empty list', []],
    ['a map', new Map([['state', 'ok']])],
    ['bytes', new Uint8Array([1, 2])],
    ['an object like a list', { length: 2, 0: 'a', 1: 'b' }],
    ['a number', 7],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
    ['an object with a method `subscribe`', new Job()],
  ])('%s [report 24]', async (_, job) => {
    expect(await jobOf(job)).toEqual(job);
    expect(await jobOf(Promise.resolve(job))).toEqual(job);
    expect(await jobOf(of(job))).toEqual(job);
    expect(await jobOf(stream(job))).toEqual(job);
  });

  it.each<[string, (job: unknown) => unknown]>([
    ['of another library', (job) => ({ '@@observable': () => of(job) })],
    ['that ends never', (job) => new Observable((observer) => observer.next(job))],
    ['which is a promise of another make', (job) => thenable(job)],
    ['which is a web stream', (job) => new Blob([JSON.stringify(job)]).stream()],
  ])('but a stream %s stays one [report 24]', async (_, streamOf) => {
    const job = await jobOf(streamOf('ok'));
    expect(job instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(job)) : job).toBe('ok');
  });

  it('what it throws fails the call [report 24]', async () => {
    const get = (): string => {
      throw new Error('No such job.');
    };
    const jobs = jobClient({ get, toOperation: () => ({ done: true }) });
    await expect(getOperation(jobs, '7')).rejects.toThrow('No such job.');
  });

  it('and so it is for cancel, delete and list [report 24]', async () => {
    const seen: unknown[] = [];
    const options: JobClientOptions<string, string, unknown> = {
      idOf: (job) => job,
      get: (id) => id,
      toOperation: (job) => ({ done: true, response: job }),
      cancel: (id) => void seen.push('cancel', id),
      delete: (id) => seen.push('delete', id),
      list: ({ pageToken }: ListOperationsRequest) => ({
        jobs: [pageToken ?? 'first'],
        nextPageToken: pageToken === undefined ? 'second' : '',
      }),
    };
    const jobs = jobClient(options);
    await cancelOperation(jobs, '7');
    await deleteOperation(jobs, '8');
    expect(seen).toEqual(['cancel', '7', 'delete', '8']);
    const all = await lastValueFrom(listOperations(jobs, { name: '' }).pipe(toArray()));
    expect(all.map(({ name }) => name)).toEqual(['first', 'second']);
    const { signal } = new AbortController();
    await expect(firstValueFrom(jobs.cancel!({ name: '9' }, { signal }) as never)).resolves.toBe(
      undefined,
    );
  });
});

describe('a job that failed with a part of its result', () => {
  const failureWith = async (state: object): Promise<OperationFailedError> => {
    const toOperation = (): JobState => ({ done: true, ...state });
    const jobs = jobClient({ get: () => 'job', toOperation });
    return (await failureOf(waitForDone(jobs, '7'))) as OperationFailedError;
  };
  const response = { succeeded: 3, failed: 1 };

  it.each<[string, object | string]>([
    ['a text', 'One failed.'],
    ['an Error', new Error('One failed.')],
    ['a part of a Status', { message: 'One failed.' }],
    ['a Status', { code: Code.ABORTED, message: 'One failed.', details: [] }],
  ])('keeps that in the details of its error, be it %s [report 25]', async (_, error) => {
    const failure = await failureWith({ error, response });
    expect(failure.status.message).toBe('One failed.');
    expect(failure.details).toEqual([{ partialResponse: response }]);
    expect(failure.operation?.error?.details).toEqual(failure.details);
    expect(failure.operation).not.toHaveProperty('response');
  });

  it('keeps it after the other details, as a copy [report 25]', async () => {
    const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ONE' };
    const failure = await failureWith({ error: { code: 9, details: [detail] }, response });
    expect(failure.details).toEqual([detail, { partialResponse: response }]);
    expect((failure.details[1] as { partialResponse: object }).partialResponse).not.toBe(response);
  });

  it.each([{ error: 'Oh.' }, { error: 'Oh.', response: null }])(
    'has no such detail where there is no result: %j [report 25]',
    async (state) => {
      expect((await failureWith(state)).details).toEqual([]);
    },
  );

  it('succeeds when the error says nothing at all [report 25]', async () => {
    const toOperation = (): JobState => ({ done: true, error: {}, response });
    expect(await waitForDone(jobClient({ get: () => 'job', toOperation }), '7')).toEqual(response);
  });
});

describe('when to ask about a job again', () => {
  const gaps = async (
    get: (call: number) => unknown,
    stateOf: (job: unknown) => Partial<JobState> = () => ({}),
  ): Promise<number[]> => {
    const scheduler = new VirtualTime();
    const times: number[] = [];
    const jobs = jobClient({
      get: async () => {
        times.push(scheduler.now());
        return get(times.length);
      },
      toOperation: (job) => ({ done: times.length === 3, ...stateOf(job) }),
    });
    await scheduler.runUntil(waitForDone(jobs, '7', { scheduler }));
    return times.slice(1).map((time, index) => time - times[index]!);
  };

  it.each<[string, () => Promise<number[]>, number[]]>([
    [
      'the state',
      () =>
        gaps(
          () => ({}),
          () => ({ pollAfter: 20_000 }),
        ),
      [20_000, 20_000],
    ],
    ['the job', () => gaps((call) => ({ pollAfter: 1000 * call })), [1000, 2000]],
    ['the text of a header', () => gaps(() => ({ pollAfter: '7' })), [7000, 7000]],
    [
      'the state before the job',
      () =>
        gaps(
          () => ({ pollAfter: 9 }),
          () => ({ pollAfter: 4000 }),
        ),
      [4000, 4000],
    ],
  ])('says %s [report 30]', async (_, run, expected) => {
    expect(await run()).toEqual(expected);
  });

  it('is not told by a job that is null, a text, or whose getter throws [report 30]', async () => {
    const broken = {
      get pollAfter(): number {
        throw new Error('No.');
      },
    };
    const usual = await gaps(() => ({}));
    for (const job of [null, 'running', broken]) expect(await gaps(() => job)).toEqual(usual);
  });

  it('passes through an operation of Compute Engine, and is not in its metadata [report 30]', () => {
    const body = { status: 'RUNNING', progress: 3 };
    const operation = operationFromCompute({ ...body, pollAfter: '20' } as typeof body);
    expect(operation).toMatchObject({ pollAfter: '20', metadata: body });
    expect(operation.metadata).not.toHaveProperty('pollAfter');
    expect(operationFromCompute(body).metadata).toBe(body);
  });
});
