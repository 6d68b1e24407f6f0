import { isRecord } from '../values/record.js';
import { Code } from './code.js';

// A quota that does not pass in minutes.
const usedUp =
  /^((dailyLimit|variableTermLimit|quota|limit)Exceeded(Unreg)?|RESOURCE_QUOTA_EXCEEDED)$/;

// What says more than a code or an HTTP status about how to go on: reasons of Google's APIs, errors of OAuth, and the
// names, codes and messages of errors of HTTP clients and SDKs. Limits of a rate pass.
// Sources: google/api/error_reason.proto; https://developers.google.com/youtube/v3/docs/core_errors;
// RFC 6749, 4.1.2.1 and 5.2; RFC 6750, 3.1; service-error-classification of the AWS SDK; the error classes of axios,
// openai and @anthropic-ai/sdk.
const known: readonly (readonly [RegExp, Code])[] = [
  [
    /^(Abort(ed)?Error|CanceledError|ABORT_ERR|ERR_CANCELED|APIUserAbortError|RequestAbortedError|Request was aborted\.)$/,
    Code.CANCELLED,
  ],
  [
    /^((Ajax|APIConnection|Request)?TimeoutError|RequestTimeout(Exception)?|Request timed out\.)$/,
    Code.DEADLINE_EXCEEDED,
  ],
  [
    /^((rate|(user|sharing|job)Rate|concurrent|serving|Bandwidth|Request)LimitExceeded(Unreg)?|RATE_LIMIT_EXCEEDED|(EC2|Request)?Throttl(ed|ing)(Exception)?|(LimitExceeded|TooManyRequests|ProvisionedThroughputExceeded|TransactionInProgress)Exception|SlowDown|PriorRequestNotComplete)$/,
    Code.RESOURCE_EXHAUSTED,
  ],
  [
    /^(backendError|jobBackendError|tableUnavailable|APIConnectionError|REQUEST_SEND_ERROR|temporarily_unavailable)$/,
    Code.UNAVAILABLE,
  ],
  [/^(internal|jobInternal)Error$/, Code.INTERNAL],
  [usedUp, Code.RESOURCE_EXHAUSTED],
  [/^insufficient_quota$/, Code.FAILED_PRECONDITION],
  [/^invalid_(grant|client|token)$/, Code.UNAUTHENTICATED],
  [/^(access_denied|insufficient_scope|unauthorized_client)$/, Code.PERMISSION_DENIED],
];

const sharedDomain = /^(global|usageLimits|googleapis\.com)$/;

/**
 * Finds the code that a known reason, or a known name of an error, stands for.
 *
 * @internal
 */
export function codeOfReason(reason: unknown): Code | undefined {
  return typeof reason === 'string'
    ? known.find(([pattern]) => pattern.test(reason))?.[1]
    : undefined;
}

/**
 * Finds the code of the first reason that is known: in an `ErrorInfo`, or in an error of version 1, of a
 * domain that all of Google's APIs share.
 *
 * @internal
 */
export function codeOfDetails(details: readonly unknown[]): Code | undefined {
  return reasonsOf(details)
    .map(codeOfReason)
    .find((code) => code !== undefined);
}

/** Tells whether a reason says that a quota is used up. @internal */
export function isUsedUp(details: readonly unknown[]): boolean {
  return reasonsOf(details).some((reason) => usedUp.test(String(reason)));
}

function reasonsOf(details: readonly unknown[]): readonly unknown[] {
  return details
    .filter(isRecord)
    .filter(({ domain }) => sharedDomain.test(String(domain)))
    .map(({ reason }) => reason);
}
