import type { Status } from './status/status.js';

/**
 * A snapshot of a long-running operation: what the server said of it at one moment. It never changes.
 *
 * Source: `google.longrunning.Operation` in google/longrunning/operations.proto.
 *
 * @typeParam Response - What `response` holds.
 * @typeParam Metadata - What `metadata` holds.
 */
export interface Operation<Response = unknown, Metadata = unknown> {
  /** The name that the server gave it. Unique only within the service; may be empty once done. */
  readonly name: string;
  /** True once it has ended, in success or in failure. Nothing else decides that. */
  readonly done: boolean;
  /** What the service tells of it, such as progress. Absent when the service tells nothing. */
  readonly metadata?: Metadata;
  /** Why it failed or was cancelled. Only on an operation that is done. */
  readonly error?: Status;
  /** What it made. Only on an operation that is done; a service may leave it out, even on success. */
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
  /** Why it failed, or that it was cancelled. */
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
  /** True once it has ended; absent means false. */
  readonly done?: boolean | null | undefined;
  /** What the service tells of it. */
  readonly metadata?: Metadata | null | undefined;
  /** A `google.rpc.Status` in any of its forms. */
  readonly error?: object | null | undefined;
  /** What it made. */
  readonly response?: Response | null | undefined;
}
