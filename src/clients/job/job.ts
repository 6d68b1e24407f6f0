import type { InteropObservable, Observable } from 'rxjs';
import type { CallOptions, ListOperationsRequest } from '../../core/client.js';

/**
 * What a job is, in the terms of an operation.
 *
 * @typeParam Response - What a job makes.
 * @typeParam Metadata - What is known of a job.
 */
export interface JobState<Response = unknown, Metadata = unknown> {
  /** True once it has ended, in success or in failure. */
  readonly done: boolean;
  /**
   * What it made. Only counts once it is done. With an `error` it is a part of the result: it is the last of
   * the details of the error, as `{ partialResponse }`.
   */
  readonly response?: Response | undefined;
  /**
   * Why it failed or was cancelled: a Status or a part of one (`code` is UNKNOWN unless given), an Error,
   * or a text. Only counts once it is done.
   */
  readonly error?: object | string | null | undefined;
  /** Anything else known of it. `progressOf` reads `{ progressPercent: 0…100 }`. */
  readonly metadata?: Metadata | undefined;
  /**
   * When to ask again: milliseconds, or the text of a `Retry-After` header, as for any client. Default:
   * `pollAfter` of the job itself, where it has one.
   */
  readonly pollAfter?: number | string | null | undefined;
}

/**
 * One page of jobs.
 *
 * @typeParam Job - What the API answers with.
 */
export interface JobPage<Job> {
  /** The jobs. */
  readonly jobs: readonly Job[];
  /** Where the next page begins. Absent or empty on the last page. */
  readonly nextPageToken?: string | undefined;
}

/**
 * What a function of the options may return: a promise, an Observable or an async iterable, of which the first
 * value counts, or the value itself. A text, a list and any other plain iterable are values.
 *
 * @typeParam Value - What it returns.
 */
export type JobAnswer<Value> =
  | Value
  | PromiseLike<Value>
  | Observable<Value>
  | InteropObservable<Value>
  | AsyncIterable<Value>;

/**
 * How to ask about jobs, and what they mean.
 *
 * @typeParam Job - What the API answers with.
 * @typeParam Response - What a job makes.
 * @typeParam Metadata - What is known of a job.
 */
export interface JobClientOptions<Job, Response, Metadata> {
  /**
   * Asks for a job by its id. It fails by throwing or rejecting with what it has, such as a `Response` that
   * is not ok.
   */
  readonly get: (id: string, options: CallOptions) => JobAnswer<Job>;
  /** Says what a job is, in the terms of an operation. */
  readonly toOperation: (job: Job, id: string) => JobState<Response, Metadata>;
  /** Returns the id of a job. Needed for `list`, and for `operation`. Default: none. */
  readonly idOf?: ((job: Job) => string) | undefined;
  /** Stops a job. Default: none; a cancel is UNIMPLEMENTED then. */
  readonly cancel?: ((id: string, options: CallOptions) => unknown) | undefined;
  /** Deletes a job. Default: none; a delete is UNIMPLEMENTED then. */
  readonly delete?: ((id: string, options: CallOptions) => unknown) | undefined;
  /** Gives one page of jobs. Default: none; a list is UNIMPLEMENTED then. */
  readonly list?:
    | ((request: ListOperationsRequest, options: CallOptions) => JobAnswer<JobPage<Job>>)
    | undefined;
}
