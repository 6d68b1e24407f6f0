export { poll } from './poll/poll.js';
export type { Known } from './poll/poll.js';
export { waitForDone } from './poll/wait-for-done.js';
export type { PollOptions } from './poll/poll-options.js';
export type { OperationSource } from './poll/source.js';

export { getOperation } from './calls/get-operation.js';
export { cancelOperation } from './calls/cancel-operation.js';
export { deleteOperation } from './calls/delete-operation.js';
export { listOperations } from './list/list-operations.js';
export { listPages } from './list/list-pages.js';
export { listNext } from './list/list-next.js';
export type { OperationsPage } from './list/page.js';
export type { IterableObservable } from './stream/iterable-observable.js';

export type { DecodeOptions, RequestOptions } from './options/request-options.js';
export type { AbortSignalLike } from './abort/signal.js';
export { exponentialBackoff } from './backoff/backoff.js';
export { progressBackoff } from './backoff/progress-backoff.js';
export type { Backoff, BackoffContext, BackoffFunction } from './backoff/backoff.js';
export type { ExponentialDelayOptions } from './backoff/exponential-delay.js';
export { isTransient } from './retry/retry.js';
export type { RetryOptions } from './retry/retry.js';
export type {
  Decoder,
  StandardSchema,
  StandardSchemaFailure,
  StandardSchemaIssue,
  StandardSchemaPathSegment,
  StandardSchemaResult,
  StandardSchemaSuccess,
  StandardSchemaTypes,
} from './decoder/decoder.js';
export type {
  AnswerEvent,
  CallEvent,
  CancelEvent,
  DelayEvent,
  DoneEvent,
  EventListener,
  FailureEvent,
  MetadataMismatchEvent,
  OperationEvent,
  RetryEvent,
} from './events/events.js';

export { progressOf } from './operation/progress.js';
export type { FailedOperation, Operation, OperationLike } from './operation/operation.js';

export { Code, codeFromHttp, codeFromName, codeName, httpFromCode } from './status/code.js';
export type { CodeName } from './status/code.js';
export type { Status } from './status/status.js';
export { statusFrom } from './status/status-from.js';
export { findDetail } from './status/details.js';
export type {
  ErrorDetails,
  DurationFields,
  FieldViolation,
  HelpLink,
  PreconditionViolation,
  QuotaViolation,
} from './status/details.js';

export { StatusError, isStatusError } from './errors/status-error.js';
export type { StatusErrorKind, StatusErrorOptions } from './errors/status-error.js';
export { OperationFailedError } from './errors/operation-failed-error.js';
export type { OperationFailedErrorOptions } from './errors/operation-failed-error.js';
export { CallFailedError } from './errors/call-failed-error.js';
export type { CallFailedErrorOptions } from './errors/call-failed-error.js';
export { WaitTimeoutError } from './errors/wait-timeout-error.js';
export type { WaitTimeoutErrorOptions } from './errors/wait-timeout-error.js';
export { CancelNotConfirmedError } from './errors/cancel-not-confirmed-error.js';
export type { CancelNotConfirmedErrorOptions } from './errors/cancel-not-confirmed-error.js';
export { ProtocolError } from './errors/protocol-error.js';
export type { ProtocolErrorOptions } from './errors/protocol-error.js';

export type {
  CallOptions,
  CancelOperationRequest,
  DeleteOperationRequest,
  GetOperationRequest,
  ListOperationsRequest,
  ListOperationsResponse,
  Method,
  OperationsClient,
  WaitOperationRequest,
} from './client/client.js';
