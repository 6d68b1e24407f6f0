// To use it: what a program calls, what it gets, and what it catches.

export { poll } from './core/poll.js';
export { waitForDone } from './core/wait-for-done.js';
export { waitForOperation } from './core/wait-for-operation.js';
export { getOperation } from './core/get-operation.js';
export { cancelOperation } from './core/cancel-operation.js';
export { deleteOperation } from './core/delete-operation.js';
export { listOperations } from './core/list/list-operations.js';
export { listPages } from './core/list/list-pages.js';
export { listNext } from './core/list/list-next.js';
export { progressOf } from './core/answer/progress.js';

export type { OperationSource } from './core/wait/source.js';
export type { DecodeOptions } from './core/answer/decoder.js';
export type { PollOptions, RequestOptions } from './core/options.js';
export type { AbortSignalLike } from './core/platform/abort-signal.js';
export type { ExponentialDelayOptions } from './core/policy/exponential-delay.js';
export type { RetryOptions } from './core/policy/retry.js';
export type { OperationEvent } from './core/events.js';

export type { IterableObservable } from './core/platform/iterable-observable.js';
export type { FailedOperation, Operation } from './core/operation.js';
export type { OperationsPage } from './core/answer/page.js';

export { Code, codeFromHttp, codeFromName, codeName, httpFromCode } from './core/status/code.js';
export type { CodeName } from './core/status/code.js';
export type { Status } from './core/status/status.js';
export { statusFrom } from './core/status/status-from.js';
export { findDetail } from './core/status/details.js';
export type { ErrorDetails } from './core/status/details.js';

export { StatusError, isStatusError } from './core/errors/status-error.js';
export { OperationFailedError } from './core/errors/operation-failed-error.js';
export { CallFailedError } from './core/errors/call-failed-error.js';
export { WaitTimeoutError } from './core/errors/wait-timeout-error.js';
export { CancelNotConfirmedError } from './core/errors/cancel-not-confirmed-error.js';
export { ProtocolError } from './core/errors/protocol-error.js';
export { errorFromJson } from './core/errors/error-from-json.js';

// To plug in or extend: a client, a decoder, a backoff, a `retry` of your own.

export type {
  CallOptions,
  ListOperationsRequest,
  ListOperationsResponse,
  Method,
  OperationsClient,
} from './core/client.js';
export type { OperationLike } from './core/operation.js';
export type { Decoder, StandardSchema } from './core/answer/decoder.js';
export { progressBackoff } from './core/policy/progress-backoff.js';
export type { Backoff, BackoffContext, BackoffFunction } from './core/policy/backoff.js';
export { isTransient } from './core/policy/retry.js';
export type { Fixed, Known } from './core/values/known.js';
