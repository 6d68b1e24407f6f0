import { isRecord } from '../values/record.js';
import { Code } from './code.js';

// What says more than a code or an HTTP status about how to go on: reasons of Google's APIs. Limits of a rate
// pass; quotas do not pass by waiting for minutes.
// Sources: google/api/error_reason.proto; https://developers.google.com/youtube/v3/docs/core_errors
const known: readonly (readonly [RegExp, Code])[] = [
  [
    /^((r|userR)ateLimitExceeded(Unreg)?|(concurrent|serving)LimitExceeded|RATE_LIMIT_EXCEEDED)$/,
    Code.RESOURCE_EXHAUSTED,
  ],
  [/^backendError$/, Code.UNAVAILABLE],
  [/^internalError$/, Code.INTERNAL],
  [
    /^((dailyLimit|variableTermLimit|quota|limit)Exceeded(Unreg)?|RESOURCE_QUOTA_EXCEEDED)$/,
    Code.FAILED_PRECONDITION,
  ],
];

const sharedDomain = /^(global|usageLimits|googleapis\.com)$/;

/**
 * Finds the code that a known reason stands for.
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
  return details
    .map((detail) =>
      isRecord(detail) && sharedDomain.test(String(detail['domain']))
        ? codeOfReason(detail['reason'])
        : undefined,
    )
    .find((code) => code !== undefined);
}
