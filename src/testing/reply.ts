import { Code } from '../core/status/code.js';
import { statusFrom } from '../core/status/status-from.js';
import type { Status } from '../core/status/status.js';
import { millisToDuration } from '../core/status/duration.js';
import type { Fault } from './fault.js';
import { wholeStatus } from './timeline.js';

/** The answer of the service. */
export interface Answer {
  readonly kind: 'answer';
  readonly value: unknown;
  /** When the service wants to be asked next: milliseconds, or the text of a `Retry-After` header. */
  readonly pollAfter?: number | string | undefined;
}

/** An answer that a fault gives in place of the service. */
interface RawAnswer {
  readonly kind: 'raw';
  readonly value: unknown;
  readonly httpStatus: number;
  readonly retryAfter: number | undefined;
}

/** The call failed. */
export interface Failure {
  readonly kind: 'failure';
  readonly status: Status;
  /** Default: the one that the code maps to. */
  readonly httpStatus?: number | undefined;
  /** The HTTP methods that the path takes, when it does not take the one that was sent. */
  readonly allow?: string;
}

/** What the service replies, before it has the form of a transport. */
export type Reply = Answer | RawAnswer | Failure;

/** The connection broke. */
export interface Broken {
  readonly kind: 'broken';
}

/** Says that the service refuses a call. */
export function refusal(code: Code, message: string): Failure {
  return { kind: 'failure', status: { code, message, details: [] } };
}

/** Says that a request is not valid. */
export function invalid(message: string): Failure {
  return refusal(Code.INVALID_ARGUMENT, message);
}

/** Reads a reply for a transport without HTTP status: as the Status of a failure, or as a value. */
export function outcomeOf(reply: Reply): Partial<Pick<Failure, 'status'> & Omit<Answer, 'kind'>> {
  if (reply.kind === 'failure') return { status: reply.status };
  if (reply.kind === 'answer') return reply;
  const { value } = reply;
  if (reply.httpStatus < 400) return { value, pollAfter: reply.retryAfter };
  return { status: withRetryInfo(statusFrom(value, reply.httpStatus), reply.retryAfter) };
}

/** The reply of a fault; undefined when it never replies. */
export function replyOfFault(fault: Fault): Reply | Broken | undefined {
  const { answer, httpStatus, retryAfter } = fault;
  if (fault.hang === true) return undefined;
  if (fault.network === true) return { kind: 'broken' };
  if (answer !== undefined) {
    return { kind: 'raw', value: answer, httpStatus: httpStatus ?? 200, retryAfter };
  }
  const isHttpOnly = fault.status === undefined && httpStatus !== undefined;
  const status = wholeStatus(
    { message: 'A fault of the fake service fails this call.', ...fault.status },
    isHttpOnly ? statusFrom(undefined, httpStatus).code : Code.UNAVAILABLE,
  );
  return { kind: 'failure', status: withRetryInfo(status, retryAfter), httpStatus };
}

/** Adds to a Status how long to wait before another try, in milliseconds. */
function withRetryInfo(status: Status, retryAfter: number | undefined): Status {
  if (retryAfter === undefined) return status;
  const retryInfo = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: millisToDuration(retryAfter),
  };
  return { ...status, details: [...status.details, retryInfo] };
}
