import type { OperationLike } from '../../core/operation.js';
import { isRecord } from '../../core/values/record.js';
import { errorOf } from './failure.js';
import { nameOf } from './locator.js';
import { partDone } from './progress.js';

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
  /** From 0 to 100 in Compute Engine; metrics and stages in GKE. */
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
 * as `projects/p/zones/z/operations/o`, so that it can be requested by that alone. The body is its
 * metadata, and once it is done without an error also its response: `targetLink` says what it made. Where the
 * metrics or stages of GKE tell its progress, the metadata also has `progressPercent`.
 *
 * The code of an error is that of the first of the `errors` whose own code is known, or else of
 * `httpErrorStatusCode`. The details are the `errors` as they came, the predefined details among their
 * `errorDetails`, and the conditions of GKE; `passesByItself` reads them.
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
  const part = partDone(body.progress);
  const { pollAfter, ...rest } = body as Body & Pick<OperationLike, 'pollAfter'>;
  const told = pollAfter == null ? body : (rest as unknown as Body);
  return {
    name: nameOf(body),
    done: isDone,
    metadata: part === undefined ? told : { ...told, progressPercent: 100 * part },
    error,
    response: isDone && error === undefined ? told : undefined,
    ...(pollAfter == null ? {} : { pollAfter }),
  };
}
