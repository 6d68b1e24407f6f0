import { excerptOf } from './excerpt.js';

/** The fields of an `HttpError`. */
export interface HttpErrorOptions {
  /** The HTTP status; 0 where the platform hides it. */
  readonly status: number;
  /** The reason phrase, such as `Bad Gateway`; empty over HTTP/2. */
  readonly statusText: string;
  /** The HTTP method and the URL without its query. */
  readonly request: string;
  /** The body of the answer, all of it. */
  readonly body: string;
  /** Why there were no new credentials after a 401. */
  readonly cause?: unknown;
}

/**
 * An answer of HTTP that does not say success. It is the `cause` of the `CallFailedError` that a client of
 * `restClient` or `statusMonitorClient` throws, and that one in turn is the `cause` of what `poll` and the like make of it. It
 * holds no header and no query, so that it can be logged.
 *
 * @example
 * ```ts
 * import { HttpError } from 'rx-lro/rest';
 *
 * export function httpStatusOf(error: unknown): number | undefined {
 *   if (error instanceof HttpError) return error.status;
 *   return error instanceof Error ? httpStatusOf(error.cause) : undefined;
 * }
 * ```
 */
export class HttpError extends Error {
  /** `'HttpError'`, also in code whose class names were shortened. */
  override readonly name: string = 'HttpError';
  /** The HTTP status, such as 503; 0 where the platform hides it, as browsers do for a redirect. */
  readonly status: number;
  /** The HTTP method and the URL without its query. */
  readonly request: string;
  /** The beginning of the body in one line; 200 characters at most. */
  readonly body: string;

  /** @param options - The request, and what came back. */
  constructor(options: HttpErrorOptions) {
    const body = excerptOf(options.body);
    const line = statusLine(options.status, options.statusText);
    super(
      `${line} from ${options.request}; ${body === '' ? 'it has no body' : `the body begins: ${body}`}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.status = options.status;
    this.request = options.request;
    this.body = body;
  }
}

/** Such as `HTTP 502 Bad Gateway`. */
export function statusLine(status: number, statusText: string): string {
  return `HTTP ${status} ${excerptOf(statusText)}`.trimEnd();
}
