export { poll } from './core/poll.js';
export type { Known } from './core/poll.js';
export { waitForDone } from './core/wait-for-done.js';
export type { PollOptions } from './core/options.js';
export type { OperationSource } from './core/wait/source.js';

export { getOperation } from './core/call/get-operation.js';
export { cancelOperation } from './core/call/cancel-operation.js';
export { deleteOperation } from './core/call/delete-operation.js';
export { listOperations } from './core/list/list-operations.js';
export { listPages } from './core/list/list-pages.js';
export { listNext } from './core/list/list-next.js';
export type { OperationsPage } from './core/list/page.js';
export type { IterableObservable } from './core/platform/iterable-observable.js';

export type { DecodeOptions } from './core/answer/decoder.js';
export type { RequestOptions } from './core/options.js';
export type { AbortSignalLike } from './core/platform/abort-signal.js';
export { progressBackoff } from './core/policy/progress-backoff.js';
export type { Backoff, BackoffContext, BackoffFunction } from './core/policy/backoff.js';
export type { ExponentialDelayOptions } from './core/policy/exponential-delay.js';
export { isTransient } from './core/policy/retry.js';
export type { RetryOptions } from './core/policy/retry.js';
export type {
  Decoder,
  StandardSchema,
  StandardSchemaFailure,
  StandardSchemaIssue,
  StandardSchemaPathSegment,
  StandardSchemaResult,
  StandardSchemaSuccess,
  StandardSchemaTypes,
} from './core/answer/decoder.js';
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
} from './core/events.js';

export { progressOf } from './core/answer/progress.js';
export type { FailedOperation, Operation, OperationLike } from './core/operation.js';

export { Code, codeFromHttp, codeFromName, codeName, httpFromCode } from './core/status/code.js';
export type { CodeName } from './core/status/code.js';
export type { Status } from './core/status/status.js';
export { statusFrom } from './core/status/status-from.js';
export { findDetail } from './core/status/details.js';
export type {
  ErrorDetails,
  DurationFields,
  FieldViolation,
  HelpLink,
  PreconditionViolation,
  QuotaViolation,
} from './core/status/details.js';

export { StatusError, isStatusError } from './core/errors/status-error.js';
export type { StatusErrorKind, StatusErrorOptions } from './core/errors/status-error.js';
export { OperationFailedError } from './core/errors/operation-failed-error.js';
export type { OperationFailedErrorOptions } from './core/errors/operation-failed-error.js';
export { CallFailedError } from './core/errors/call-failed-error.js';
export type { CallFailedErrorOptions } from './core/errors/call-failed-error.js';
export { WaitTimeoutError } from './core/errors/wait-timeout-error.js';
export type { WaitTimeoutErrorOptions } from './core/errors/wait-timeout-error.js';
export { CancelNotConfirmedError } from './core/errors/cancel-not-confirmed-error.js';
export type { CancelNotConfirmedErrorOptions } from './core/errors/cancel-not-confirmed-error.js';
export { ProtocolError } from './core/errors/protocol-error.js';
export type { ProtocolErrorOptions } from './core/errors/protocol-error.js';

export type {
  CallOptions,
  ClientPacing,
  CancelOperationRequest,
  DeleteOperationRequest,
  GetOperationRequest,
  ListOperationsRequest,
  ListOperationsResponse,
  Method,
  OperationsClient,
  WaitOperationRequest,
} from './core/client.js';
