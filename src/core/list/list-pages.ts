import type { Observable } from 'rxjs';
import { decodePage, type OperationsPage } from '../answer/page.js';
import { checkClient } from '../call/check-client.js';
import type { ListOperationsRequest, OperationsClient } from '../client.js';
import { ProtocolError } from '../errors/protocol-error.js';
import type { RequestOptions } from '../options.js';
import { batchIterator, emitBatches, type NextBatch } from '../platform/batches.js';
import { IterableObservable } from '../platform/iterable-observable.js';
import type { Settings } from '../settings.js';
import { checkNumber, checkObject, wrongType } from '../values/check.js';
import { oneCall, resolveCallOptions } from '../wait/one-call.js';
import { listNext } from './list-next.js';

/**
 * Lists operations page by page. A page is fetched when the one before was taken; calls that fail are
 * retried.
 *
 * Source: `ListOperations` in google/longrunning/operations.proto; AIP-158 and AIP-217.
 *
 * @param client - Any client with `list`.
 * @param request - The parent, and how to list; `pageToken` begins at a page.
 * @param options - All optional. The signal gives up, with its own reason.
 * @returns An Observable of pages that is an async iterable too: iterated, it fetches no page before it
 * is asked for. It errors with CallFailedError when a call failed, and retrying did not help (UNIMPLEMENTED
 * when the service or the client cannot list), with ProtocolError when an answer is not a page or when a
 * page token comes twice.
 * @throws TypeError or RangeError, before any call, when something given is not valid.
 *
 * @example
 * ```ts
 * import { listPages, type OperationsClient } from 'rx-lro';
 *
 * export async function unreachablePlaces(client: OperationsClient): Promise<string[]> {
 *   const places: string[] = [];
 *   const request = { name: 'projects/p/locations/-', returnPartialSuccess: true };
 *   for await (const page of listPages(client, request)) places.push(...page.unreachable);
 *   return places;
 * }
 * ```
 */
export function listPages<Response = unknown, Metadata = unknown>(
  client: OperationsClient<Response, Metadata>,
  request: ListOperationsRequest,
  options: RequestOptions = {},
): IterableObservable<OperationsPage<Response, Metadata>> {
  const stream = streamPages(client, request, options, (page) => [page]);
  return stream as IterableObservable<OperationsPage<Response, Metadata>>;
}

/**
 * Makes a stream of what is taken out of each page.
 *
 * @internal
 */
export function streamPages<T>(
  client: OperationsClient,
  request: ListOperationsRequest,
  options: RequestOptions,
  take: (page: OperationsPage) => readonly T[],
): IterableObservable<T> {
  checkClient(client);
  checkRequest(request);
  const settings = resolveCallOptions(client, options);
  const begin = (): NextBatch<T> => batches(client, request, settings, take);
  const stream = new IterableObservable<T>((subscriber) => emitBatches(begin(), subscriber));
  // In the place of one that is ahead of who takes the values.
  return Object.assign(stream, { [Symbol.asyncIterator]: () => batchIterator(begin()) });
}

function batches<T>(
  client: OperationsClient,
  first: ListOperationsRequest,
  settings: Settings,
  take: (page: OperationsPage) => readonly T[],
): NextBatch<T> {
  const seenTokens = new Set<unknown>([first.pageToken]);
  let request: ListOperationsRequest | undefined = first;
  return (task, onBatch, onFailed) => {
    if (request === undefined) return onBatch(undefined);
    const { name } = request;
    const onPage = (page: OperationsPage): void => {
      task.unsubscribe();
      const { nextPageToken: token } = page;
      if (token !== undefined && seenTokens.has(token)) {
        const problem = `leads in a circle: the page token ${JSON.stringify(token)} came before`;
        return onFailed(
          new ProtocolError({ problem, method: 'list', answer: page, operationName: name }),
        );
      }
      seenTokens.add(token);
      request = listNext(first, page);
      onBatch(take(page));
    };
    const pages = oneCall(
      client,
      'list',
      request,
      settings,
      decodePage,
    ) as Observable<OperationsPage>;
    task.add(pages.subscribe({ next: onPage, error: onFailed }));
  };
}

function checkRequest(request: ListOperationsRequest): void {
  checkObject('request', request);
  const { name, filter, pageSize, pageToken } = request;
  if (typeof name !== 'string') throw wrongType('request.name', name, 'a string');
  if (pageSize != null) checkNumber('request.pageSize', pageSize, { min: 0, whole: true });
  if (filter != null && typeof filter !== 'string') {
    throw wrongType('request.filter', filter, 'a string');
  }
  if (pageToken != null && typeof pageToken !== 'string') {
    throw wrongType('request.pageToken', pageToken, 'a string');
  }
}
