import type { CallableClient, CallOptions, Method } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { Code } from '../../core/status/code.js';
import { failureOf } from '../http/failure.js';
import type { HttpRequest } from '../http/request.js';
import { is, send } from '../http/send.js';
import { readAnswer } from './answer.js';
import { parseOptions, type RestClientOptions, type RestSettings } from './options.js';
import { buildRequest, type MethodRequest } from './request.js';

const ADVICE =
  'Redirects are not followed, so that credentials stay where they belong; set `baseUrl` to where the service is.';

/**
 * A client of a service over HTTP and JSON. The `name` of a `list` may be empty where `paths.list` has no
 * variable. `cancel` and `delete` resolve to what the body holds, usually `{}`. There is a `wait` only
 * where `paths.wait` is given; a `timeout` that is not a number >= 0 is a RangeError or TypeError.
 *
 * Each method makes one request and does not retry. It rejects
 *
 * - with a `CallFailedError` when the answer says failure, whatever form its body has: `code`,
 *   `message` and `details` as the server gave them, `Retry-After` as a `google.rpc.RetryInfo`, and an
 *   `HttpError` as `cause`; likewise for a redirect, and when `headers` fails (its error is the `cause`;
 *   after a 401, that of the `HttpError`);
 * - with a `ProtocolError` when the answer says success and is not JSON where it has to be, or longer than
 *   64 MiB; an empty body (except of HTTP 204) or one that breaks off is a `CallFailedError` with UNAVAILABLE;
 * - with a RangeError or TypeError, before anything is sent, when a name is refused: one that is empty
 *   or a whole URL, holds an empty segment, `.` or `..` as a segment, `?`, `#`, a backslash, a control
 *   character or half a surrogate pair; its `code` is 3, INVALID_ARGUMENT;
 * - with a `CallFailedError` when the service cannot be reached (what `fetch` threw is the `cause`), and with the
 *   signal's reason when that is aborted.
 *
 * Its errors have the URL without the query.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 */
export interface RestClient<Response = unknown, Metadata = unknown> extends CallableClient<
  Response,
  Metadata
> {}

/**
 * Makes a client of a service that offers `google.longrunning.Operations` over HTTP and JSON, as the
 * APIs of Google do. It works on the platform's `fetch`.
 *
 * Credentials stay at the origin of `baseUrl`: a redirect is an error that says where to. A name stays
 * in its place of the path: it is encoded segment by segment, `%` and `:` included.
 *
 * Source: google/longrunning/operations.proto, google/api/http.proto, AIP-127, RFC 6570.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 * @param options - Where the service is, and how to reach it.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when an option is of the wrong type.
 * @throws RangeError when an option has a value that it cannot have.
 *
 * @example
 * ```ts
 * import { restClient } from 'rx-lro/rest';
 *
 * export const client = restClient<{ glossaryCount: number }>({
 *   baseUrl: 'https://translation.googleapis.com/v3',
 *   headers: async () => ({ authorization: `Bearer ${await freshToken()}` }),
 *   paths: { wait: '{+name}:wait' },
 * });
 *
 * declare function freshToken(): Promise<string>;
 * ```
 */
export function restClient<Response = unknown, Metadata = unknown>(
  options: RestClientOptions,
): RestClient<Response, Metadata> {
  const settings = parseOptions(options);
  const { byMethod } = settings.bindings;
  const call =
    <Request extends Partial<MethodRequest>, Answer>(method: Method) =>
    async (request: Request, callOptions: Partial<CallOptions> = {}): Promise<Answer> => {
      if (byMethod[method] === undefined) throw unimplemented(method, request.name);
      const httpRequest = prepare(settings, method, request as MethodRequest & Request);
      const answer = await send(settings, httpRequest, callOptions.signal);
      if (!is(2, answer.status)) throw failureOf(httpRequest, answer, Date.now(), ADVICE);
      return readAnswer(httpRequest, answer, Date.now()) as Answer;
    };
  return {
    get: call('get'),
    list: call('list'),
    cancel: call('cancel'),
    delete: call('delete'),
    ...(byMethod.wait === undefined ? {} : { wait: call('wait') }),
  };
}

function unimplemented(method: Method, operationName: string | undefined): CallFailedError {
  const message = `The service has no ${method} method, as \`paths.${method}\` says.`;
  const status = { code: Code.UNIMPLEMENTED, message, details: [] };
  return new CallFailedError({ method, operationName, status });
}

function prepare(settings: RestSettings, method: Method, request: MethodRequest): HttpRequest {
  try {
    return buildRequest(settings, method, request);
  } catch (error) {
    // By the code `statusFrom` knows it for what it is, not for a failure of the service.
    throw Object.assign(error as Error, { code: Code.INVALID_ARGUMENT, details: [] });
  }
}
