import { abortReason, onAbort } from '../platform/abort-signal.js';
import { checkClient } from '../call/check-client.js';
import type { ListOperationsRequest, OperationsClient } from '../client.js';
import { checkNumber, checkObject, wrongType } from '../values/check.js';
import { resolveCallSettings, type CallSettings } from '../call/settings.js';
import type { RequestOptions } from '../options.js';
import { batchIterator, emitBatches, type NextBatch } from '../platform/batches.js';
import { IterableObservable } from '../platform/iterable-observable.js';
import { PageCursor } from './page-cursor.js';
import type { OperationsPage } from './page.js';

/**
 * Lists operations page by page. A page is fetched when the one before was taken; calls that fail are
 * tried again.
 *
 * Source: `ListOperations` in google/longrunning/operations.proto; AIP-158 and AIP-217.
 *
 * @param client - Any client with `list`.
 * @param request - The parent, and how to list; `pageToken` begins at a page.
 * @param options - All optional. The signal gives up, with its own reason.
 * @returns An Observable of pages that is an async iterable too: iterated, it fetches no page before it
 * is asked for. It errors with CallFailedError when a call failed and was not survived (UNIMPLEMENTED
 * when the service or the client cannot list), with ProtocolError when an answer is no page or when a
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
  const settings = resolveCallSettings(options);
  const begin = (): NextBatch<T> => batches(client, request, settings, take);
  const stream = new IterableObservable<T>((subscriber) => emitBatches(begin(), subscriber));
  // In the place of one that is ahead of who takes the values.
  return Object.assign(stream, { [Symbol.asyncIterator]: () => batchIterator(begin()) });
}

function batches<T>(
  client: OperationsClient,
  request: ListOperationsRequest,
  settings: CallSettings,
  take: (page: OperationsPage) => readonly T[],
): NextBatch<T> {
  const cursor = new PageCursor(client, request, settings);
  const { signal } = settings;
  return (task, onBatch, onFailed) => {
    if (signal?.aborted === true) return onFailed(abortReason(signal));
    if (signal !== undefined) {
      const stopListening = onAbort(signal, () => {
        task.unsubscribe();
        onFailed(abortReason(signal));
      });
      task.add(stopListening);
    }
    cursor.next(
      task,
      (page) => {
        task.unsubscribe();
        onBatch(page && take(page));
      },
      (error) => {
        task.unsubscribe();
        onFailed(error);
      },
    );
  };
}

function checkRequest(request: ListOperationsRequest): void {
  checkObject('request', request);
  const { name, filter, pageSize, pageToken } = request;
  if (typeof name !== 'string') throw wrongType('request.name', name, 'a text');
  if (pageSize != null) checkNumber('request.pageSize', pageSize, { min: 0, whole: true });
  if (filter != null && typeof filter !== 'string') {
    throw wrongType('request.filter', filter, 'a text');
  }
  if (pageToken != null && typeof pageToken !== 'string') {
    throw wrongType('request.pageToken', pageToken, 'a text');
  }
}
