import { Observable, map, of, type ObservableInput, type Subscribable } from 'rxjs';
import { streamOf } from '../../core/call/answer-stream.js';
import type { OperationsClient } from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import { pollAfterIn } from '../../core/answer/poll-after.js';
import { isEmptyError } from '../../core/answer/decode.js';
import { Code } from '../../core/status/code.js';
import { statusAsWritten } from '../../core/status/status-from.js';
import { observableKeys } from '../../core/platform/observable.js';
import { checkFunction, checkObject } from '../../core/values/check.js';
import { isRecord } from '../../core/values/record.js';
import type { JobAnswer, JobClientOptions, JobState } from './job.js';

/**
 * A client of an API of jobs.
 *
 * @typeParam Job - What the API answers with.
 * @typeParam Response - What a job makes.
 * @typeParam Metadata - What is known of a job.
 */
export interface JobClient<Job, Response, Metadata> extends OperationsClient<Response, Metadata> {
  /**
   * Makes a snapshot of a job, such as the one that the start call answered with, for `poll` and
   * `waitForDone`.
   *
   * @throws TypeError when there is no `idOf`.
   */
  operation(job: Job): OperationLike<Response, Metadata>;
}

/**
 * Makes a client of any API that gives "the state of job X". The id of a job is the name of its operation.
 *
 * @typeParam Job - What the API answers with.
 * @typeParam Response - What a job makes.
 * @typeParam Metadata - What is known of a job.
 * @param options - How to ask about jobs, and what they mean.
 * @returns The client. It has the methods that the options have.
 * @throws TypeError when `get` or `toOperation` is missing, or an option is not a function.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { jobClient } from 'rx-lro/job';
 *
 * interface Build { id: string; state: 'queued' | 'running' | 'ok' | 'broken'; artifact?: string }
 *
 * const builds = jobClient({
 *   get: async (id, { signal }): Promise<Build> => {
 *     const response = await fetch(`https://ci.example.com/builds/${id}`, { signal });
 *     if (!response.ok) throw response;
 *     return (await response.json()) as Build;
 *   },
 *   toOperation: ({ state, artifact }) => ({
 *     done: state === 'ok' || state === 'broken',
 *     response: artifact,
 *     error: state === 'broken' ? 'The build is broken.' : undefined,
 *   }),
 * });
 * console.log(await waitForDone(builds, '4711'));
 * ```
 */
export function jobClient<Job, Response = unknown, Metadata = unknown>(
  options: JobClientOptions<Job, Response, Metadata>,
): JobClient<Job, Response, Metadata> {
  checkObject('options', options, ['get', 'toOperation']);
  const { get, toOperation, idOf, cancel, delete: remove, list } = options;
  for (const [name, value] of Object.entries({ idOf, cancel, delete: remove, list })) {
    if (value != null) checkFunction(name, value);
  }
  const operationOf = (job: Job, id: string): OperationLike<Response, Metadata> => {
    let state: JobState<Response, Metadata>;
    try {
      state = toOperation(job, id);
    } catch (cause) {
      throw new Error(`\`toOperation\` failed for the job ${JSON.stringify(id)}`, { cause });
    }
    if (!isRecord(state) || typeof state.done !== 'boolean') {
      throw new TypeError(
        `\`toOperation\` must give an object with \`done\` as true or false, for the job ${JSON.stringify(id)} too.`,
      );
    }
    const { done, response, error, metadata, pollAfter = pollAfterIn(job) } = state;
    const shown = { name: id, done, response, error: errorOf(error, response), metadata };
    return { ...shown, pollAfter: pollAfter as JobState['pollAfter'] };
  };
  const named = (job: Job): OperationLike<Response, Metadata> => {
    if (idOf == null) throw new TypeError('Option `idOf` is missing: it tells the id of a job.');
    return operationOf(job, idOf(job));
  };
  return {
    operation: named,
    get: ({ name }, callOptions): Observable<OperationLike<Response, Metadata>> =>
      read(get(name, callOptions)).pipe(map((job) => operationOf(job, name))),
    ...(cancel && { cancel: ({ name }, callOptions) => read(cancel(name, callOptions)) }),
    ...(remove && { delete: ({ name }, callOptions) => read(remove(name, callOptions)) }),
    ...(list && {
      list: (request, callOptions) =>
        read(list(request, callOptions)).pipe(
          map(({ jobs, nextPageToken }) => ({ operations: jobs.map(named), nextPageToken })),
        ),
    }),
  };
}

// A job may well be a text or a list: RxJS would take it for a stream of letters or of jobs.
function read<Value>(answer: JobAnswer<Value>): Observable<Value> {
  if (!isStream(answer)) return of(answer as Value);
  const listen = streamOf(answer as ObservableInput<Value>) as Subscribable<Value>;
  return new Observable((observer) => listen.subscribe(observer));
}

function isStream(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const keys = ['then', 'getReader', Symbol.asyncIterator, ...observableKeys()];
  return keys.some((key) => typeof Reflect.get(answer, key) === 'function');
}

function errorOf(
  error: object | string | null | undefined,
  response: unknown,
): object | null | undefined {
  const given = typeof error === 'string' ? { code: Code.UNKNOWN, message: error } : error;
  if (given == null || response == null) return given;
  const status = statusAsWritten(given);
  if (isEmptyError(given, status)) return given;
  return { ...status, details: [...status.details, { partialResponse: response }] };
}
