import type {
  CallOptions,
  ListOperationsRequest,
  Method,
  OperationsClient,
} from '../core/client.js';
import { plainUrl } from '../core/errors/wording.js';
import { isRecord } from '../core/values/record.js';
import { failureOf } from '../clients/http/failure.js';
import { headerSource, type HeaderSource } from '../clients/http/headers.js';
import type { HttpRequest } from '../clients/http/request.js';
import { is, send, type Fetch, type Sender } from '../clients/http/send.js';
import { readAnswer } from '../clients/rest/answer.js';

const ADVICE = 'Redirects are not followed: give the URL that it leads to.';

/**
 * A client of what is at one URL, which is used as it is: an operation, a collection of operations, or a job. A
 * cancel is a POST to the URL with `:cancel` after its path. The name in a request is that of the operation in
 * errors.
 *
 * @param fetch - What sends requests. Default: the platform's.
 */
export function urlClient(
  url: string,
  headers: HeaderSource,
  fetch: Fetch | undefined,
): OperationsClient {
  const sender: Sender = { fetch, headers: headerSource(headers) };
  const call =
    (method: Method, verb: string, urlOf: (request: ListOperationsRequest) => string = () => url) =>
    async <Answer>(request: ListOperationsRequest, options: CallOptions): Promise<Answer> => {
      const target = urlOf(request);
      const httpRequest: HttpRequest = {
        method,
        name: request.name,
        verb,
        url: target,
        label: `${verb} ${plainUrl(target)}`,
        body: verb === 'POST' ? '{}' : undefined,
      };
      const answer = await send(sender, httpRequest, options.signal);
      if (!is(2, answer.status)) throw failureOf(httpRequest, answer, Date.now(), ADVICE);
      const read = readAnswer(httpRequest, answer, Date.now());
      // It is made of a header: a job that is shown must not have it as a field.
      if (isRecord(read)) Object.defineProperty(read, 'pollAfter', { enumerable: false });
      return read as Answer;
    };
  return {
    get: call('get', 'GET'),
    list: call('list', 'GET', (request) => pageUrl(url, request)),
    cancel: call('cancel', 'POST', () => withSuffix(url, ':cancel')),
    delete: call('delete', 'DELETE'),
  };
}

function withSuffix(url: string, suffix: string): string {
  const target = new URL(url);
  target.pathname += suffix;
  return target.href;
}

function pageUrl(url: string, { filter, pageSize, pageToken }: ListOperationsRequest): string {
  const target = new URL(url);
  for (const [key, value] of Object.entries({ filter, pageSize, pageToken })) {
    if (value != null) target.searchParams.set(key, String(value));
  }
  return target.href;
}
