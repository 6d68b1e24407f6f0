import type { OperationLike } from '../../core/operation.js';
import { Code, codeFromHttp, codeFromName } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { isRecord } from '../../core/values/record.js';
import { nameOf } from './locator.js';

/**
 * An operation of Compute Engine, Cloud SQL, GKE or Cloud DNS, as far as it is read here.
 *
 * Source: the schemas `Operation` of their discovery documents.
 */
export interface ComputeOperation {
  /** Its identity; not the whole of its name. */
  readonly name?: string | null | undefined;
  /** `PENDING`, `RUNNING`, `ABORTING` or `DONE`. */
  readonly status?: string | null | undefined;
  /** Where it is. */
  readonly selfLink?: string | null | undefined;
  /** From 0 to 100 in Compute Engine. */
  readonly progress?: unknown;
  /** What went wrong: `{errors: […]}`, or a Status in GKE. */
  readonly error?: object | null | undefined;
  /** The HTTP status that stands for the error. */
  readonly httpErrorStatusCode?: number | null | undefined;
  /** The text of that. */
  readonly httpErrorMessage?: string | null | undefined;
  /** What went wrong, in older answers of GKE. */
  readonly statusMessage?: string | null | undefined;
  /** The resource that it is about. */
  readonly targetLink?: string | null | undefined;
}

/**
 * Reads an operation of Compute Engine, Cloud SQL, GKE or Cloud DNS. Its name becomes the whole path, such
 * as `projects/p/zones/z/operations/o`, so that it can be asked about by that alone. The body is its
 * metadata, and once it is done without an error also its response: `targetLink` says what it made.
 *
 * The code of an error is that of `httpErrorStatusCode`, or else of the first of the `errors`. The details
 * are the `errors` as they came, followed by the predefined details among their `errorDetails`.
 *
 * @typeParam Body - The type of the body, such as `Schema$Operation` of `@googleapis/compute`.
 * @param body - What a start call, or a get, answered with.
 * @returns The operation. A value that is not an object stays as it is.
 *
 * @example
 * ```ts
 * import { operationFromCompute } from 'rx-lro/compute';
 *
 * operationFromCompute({
 *   status: 'RUNNING',
 *   selfLink: 'https://www.googleapis.com/compute/v1/projects/p/global/operations/o',
 * }).name; // 'projects/p/global/operations/o'
 * ```
 */
export function operationFromCompute<Body extends ComputeOperation>(
  body: Body,
): OperationLike<Body, Body> {
  if (!isRecord(body)) return body;
  const isDone = String(body.status).toUpperCase() === 'DONE';
  const error = isDone ? errorOf(body) : undefined;
  return {
    name: nameOf(body),
    done: isDone,
    metadata: body,
    error,
    response: isDone && error === undefined ? body : undefined,
  };
}

function errorOf(body: ComputeOperation): Status | undefined {
  const { error, httpErrorStatusCode, httpErrorMessage, statusMessage } = body;
  const errors = isRecord(error) ? error['errors'] : undefined;
  const all: readonly unknown[] = Array.isArray(errors) ? errors : [];
  if (isRecord(error) && all.length === 0 && (error['code'] ?? error['message']) !== undefined) {
    const status = statusFrom(error);
    return { ...status, message: status.message || (statusMessage ?? '') };
  }
  const http = httpErrorStatusCode ?? undefined;
  if (all.length === 0 && http === undefined && !statusMessage) return undefined;
  const messages = all.flatMap((each) => (isRecord(each) ? [String(each['message'] ?? '')] : []));
  return {
    code: (http === undefined ? undefined : codeFromHttp(http)) ?? codeOfFirst(all),
    message:
      messages.filter((text) => text !== '').join(' ') || statusMessage || (httpErrorMessage ?? ''),
    details: [...all, ...all.flatMap(detailsOf)],
  };
}

// Constants that Compute Engine and Cloud SQL use, which are not names of codes.
const reasons: readonly (readonly [RegExp, Code])[] = [
  [/QUOTA|EXHAUSTED|LIMIT/, Code.RESOURCE_EXHAUSTED],
  [/NOT_FOUND/, Code.NOT_FOUND],
  [/ALREADY/, Code.ALREADY_EXISTS],
  [/PERMISSION|FORBIDDEN/, Code.PERMISSION_DENIED],
  [/IN_USE|NOT_READY/, Code.FAILED_PRECONDITION],
  [/INVALID/, Code.INVALID_ARGUMENT],
  [/INTERNAL/, Code.INTERNAL],
];

function codeOfFirst([first]: readonly unknown[]): number {
  const reason = isRecord(first) ? String(first['code']).toUpperCase() : '';
  const found = reasons.find(([pattern]) => pattern.test(reason));
  return codeFromName(reason) ?? found?.[1] ?? Code.UNKNOWN;
}

const detailFields = ['errorInfo', 'help', 'localizedMessage'];

function detailsOf(error: unknown): readonly unknown[] {
  const details = isRecord(error) ? error['errorDetails'] : undefined;
  if (!Array.isArray(details)) return [];
  return details.flatMap((detail: unknown) =>
    detailFields.flatMap((field) => {
      const content = isRecord(detail) ? detail[field] : undefined;
      if (!isRecord(content)) return [];
      const type = field.charAt(0).toUpperCase() + field.slice(1);
      return [{ '@type': `type.googleapis.com/google.rpc.${type}`, ...content }];
    }),
  );
}
