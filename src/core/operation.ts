import type { Status } from './status/status.js';

/**
 * A snapshot of a long-running operation: what the server said of it at one moment. It never changes.
 *
 * It holds deep copies of what the client answered with: plain objects, objects of classes without methods
 * (their own enumerable fields, with the same prototype), arrays, maps, sets, dates and bytes. An object
 * that has methods or getters in its class is shared with the client, not copied, since a copy could lack
 * its private fields; the same goes for an object that cannot be read. A change in a shared object is not
 * emitted.
 *
 * Copying takes less than a microsecond for metadata of a few fields, and less time than `JSON.parse` of
 * the same data. Bytes are copied as well, in less than a millisecond per MiB; a snapshot that is kept beside
 * the answer holds them a second time. Strings are shared: 100,000 snapshots, each with metadata of five
 * small objects, take about 40 MB in addition to their answers.
 *
 * Source: `google.longrunning.Operation` in google/longrunning/operations.proto.
 *
 * @typeParam Response - What `response` holds.
 * @typeParam Metadata - What `metadata` holds.
 */
export interface Operation<Response = unknown, Metadata = unknown> {
  /** The name that the server gave it. Unique only within the service; may be empty once done. */
  readonly name: string;
  /** True once the operation has ended, in success or in failure. Nothing else decides that. */
  readonly done: boolean;
  /** What the service says about the operation, such as progress. Absent if it says nothing. */
  readonly metadata?: Metadata;
  /** Why it failed or was cancelled. Only on an operation that is done. */
  readonly error?: Status;
  /** The result. Only on an operation that is done; a service may leave it out, even on success. */
  readonly response?: Response;
}

/**
 * An operation that has failed or was cancelled.
 *
 * @typeParam Response - What `response` holds.
 * @typeParam Metadata - What `metadata` holds.
 */
export interface FailedOperation<Response = unknown, Metadata = unknown> extends Operation<
  Response,
  Metadata
> {
  /** Why it failed or was cancelled. */
  readonly error: Status;
}

/**
 * An operation in the form that a client or a service gives it: as `Operation`, with every field
 * optional and null for "not set". ProtoJSON leaves out `done: false`, and much else.
 *
 * @typeParam Response - What `response` holds.
 * @typeParam Metadata - What `metadata` holds.
 */
export interface OperationLike<Response = unknown, Metadata = unknown> {
  /** The name that the server gave it. */
  readonly name?: string | null | undefined;
  /** True once the operation has ended; absent means false. */
  readonly done?: boolean | null | undefined;
  /** What the service says about the operation. */
  readonly metadata?: Metadata | null | undefined;
  /** A `google.rpc.Status` in any of its forms. */
  readonly error?: object | null | undefined;
  /** The result. */
  readonly response?: Response | null | undefined;
  /**
   * When the server wants to be asked next: milliseconds from now on, > 0, or the text of a `Retry-After`
   * header. It replaces the delay of the default backoff, and is the least delay of a backoff that you give; up
   * to an hour. It is not part of a snapshot. Absent, or 0, means that it does not say.
   */
  readonly pollAfter?: number | string | null | undefined;
}
