import type { ObservableInput } from 'rxjs';
import type { OperationLike } from './operation.js';

/** What every call receives in addition to its request. */
export interface CallOptions {
  /** Aborted when the answer is not needed any more. Pass it to `fetch`, or cancel the call by it. */
  readonly signal: AbortSignal;
  /**
   * How long the call may take, in milliseconds: `callTimeout`. The signal is aborted then in any case;
   * pass it on where the server is to know. Absent when there is no limit.
   */
  readonly timeout?: number | undefined;
}

/** Asks for one page of operations. Source: `ListOperationsRequest`. */
export interface ListOperationsRequest {
  /** The parent resource, such as `projects/p/locations/l`. */
  readonly name: string;
  /** The service's own filter language; absent means all. */
  readonly filter?: string | undefined;
  /** The most operations on a page; a service may send fewer. Absent means the service's own default. */
  readonly pageSize?: number | undefined;
  /** Where the page begins: `nextPageToken` of the page before. Absent means the first page. */
  readonly pageToken?: string | undefined;
  /** Whether a page may leave out places that cannot be reached. Few services take it. Default false. */
  readonly returnPartialSuccess?: boolean | undefined;
}

/**
 * One page of operations as a client gives it. Source: `ListOperationsResponse`.
 *
 * @typeParam Response - What the operations' `response` holds.
 * @typeParam Metadata - What the operations' `metadata` holds.
 */
export interface ListOperationsResponse<Response = unknown, Metadata = unknown> {
  /** The operations; a page may have none and still not be the last. */
  readonly operations?: readonly OperationLike<Response, Metadata>[] | null | undefined;
  /** Where the next page begins; absent or empty on the last page. */
  readonly nextPageToken?: string | null | undefined;
  /** Places that could not be reached. Source: AIP-217. */
  readonly unreachable?: readonly string[] | null | undefined;
}

/**
 * What this library needs of a client: `get`, and the others where the service has them. A missing
 * method means UNIMPLEMENTED. A method may answer with a promise, an Observable or an async iterable;
 * of several values the first one counts. It fails by throwing or rejecting with any error:
 * `statusFrom` reads it.
 *
 * Source: `google.longrunning.Operations` in google/longrunning/operations.proto.
 *
 * @typeParam Response - What the operations' `response` holds.
 * @typeParam Metadata - What the operations' `metadata` holds.
 *
 * @example
 * ```ts
 * import type { Operation, OperationsClient } from 'rx-lro';
 *
 * export const client: OperationsClient = {
 *   get: async ({ name }, { signal }) => {
 *     const response = await fetch(`https://api.example.com/v1/${name}`, { signal });
 *     if (!response.ok) throw response;
 *     return (await response.json()) as Operation;
 *   },
 * };
 * ```
 */
export interface OperationsClient<Response = unknown, Metadata = unknown> {
  /** GetOperation: the latest state of an operation, as a new object each time. */
  get(
    request: { readonly name: string },
    options: CallOptions,
  ): ObservableInput<OperationLike<Response, Metadata>>;
  /** ListOperations: one page. */
  list?(
    request: ListOperationsRequest,
    options: CallOptions,
  ): ObservableInput<ListOperationsResponse<Response, Metadata>>;
  /** CancelOperation: asks the server to stop it. The answer's content does not matter. */
  cancel?(request: { readonly name: string }, options: CallOptions): ObservableInput<unknown>;
  /** DeleteOperation: asks the server to forget it. The answer's content does not matter. */
  delete?(request: { readonly name: string }, options: CallOptions): ObservableInput<unknown>;
  /**
   * WaitOperation: as `get`, answered once the operation is done or the time is up. Where it is there,
   * `poll` and `waitForDone` call it in place of `get`, and go back to `get` when the server has no such
   * method.
   */
  wait?(
    request: {
      readonly name: string;
      /** How long the server may wait, in milliseconds. Absent means the service's own default. */
      readonly timeout?: number | undefined;
    },
    options: CallOptions,
  ): ObservableInput<OperationLike<Response, Metadata>>;
  /**
   * What the client says about the pace of its calls. `fleetClient` has it; a client that wraps another one
   * passes it on. Default: calls are made at once.
   */
  readonly pacing?:
    | {
        /**
         * Whether the client holds a call until it is its turn, and itself limits how long the real call may
         * take. Then `callTimeout` has no default, and each answer to `wait` is followed by the next `wait` at
         * once: the client limits how often the server is called, and answers `wait` only when something
         * has changed or the time of the request is up. Default false.
         */
        readonly holdsCalls?: boolean | undefined;
        /**
         * How many calls per second it makes at most, > 0. `waitForAll` gives cancels the time that they take at
         * this pace. Default: no limit.
         */
        readonly callsPerSecond?: number | undefined;
      }
    | undefined;
}

/**
 * An `OperationsClient` that can also be called directly: the options of a call may be left out, and each
 * method returns a promise.
 *
 * @typeParam Response - What the operations' `response` holds.
 * @typeParam Metadata - What the operations' `metadata` holds.
 */
export interface CallableClient<Response = unknown, Metadata = unknown> extends OperationsClient<
  Response,
  Metadata
> {
  /** GetOperation: the latest state of an operation. */
  get(
    request: { readonly name: string },
    options?: Partial<CallOptions>,
  ): Promise<OperationLike<Response, Metadata>>;
  /** ListOperations: one page. */
  list(
    request: ListOperationsRequest,
    options?: Partial<CallOptions>,
  ): Promise<ListOperationsResponse<Response, Metadata>>;
  /** CancelOperation: asks the server to stop it. */
  cancel(request: { readonly name: string }, options?: Partial<CallOptions>): Promise<unknown>;
  /** DeleteOperation: asks the server to forget it. */
  delete(request: { readonly name: string }, options?: Partial<CallOptions>): Promise<unknown>;
  /** WaitOperation: as `get`, answered once the operation is done or the time is up. */
  wait?(
    request: { readonly name: string; readonly timeout?: number | undefined },
    options?: Partial<CallOptions>,
  ): Promise<OperationLike<Response, Metadata>>;
}

/** The request of `wait`. Source: `WaitOperationRequest`. */
export type WaitOperationRequest = Parameters<NonNullable<OperationsClient['wait']>>[0];

/** The methods of `OperationsClient`, by name. */
export type Method = 'get' | 'list' | 'cancel' | 'delete' | 'wait';
