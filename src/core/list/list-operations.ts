import type { ListOperationsRequest, OperationsClient } from '../client.js';
import type { Operation } from '../operation.js';
import type { RequestOptions } from '../options.js';
import type { IterableObservable } from '../platform/iterable-observable.js';
import { streamPages } from './list-pages.js';

/**
 * Lists operations, over all pages. A page is fetched when the one before was taken; calls that fail
 * are retried.
 *
 * Source: `ListOperations` in google/longrunning/operations.proto; AIP-158.
 *
 * @param client - Any client with `list`.
 * @param request - The parent, and how to list.
 * @param options - All optional. The signal gives up, with its own reason.
 * @returns An Observable of operations that is an async iterable too: iterated, it fetches no page before
 * it is asked for. It errors as `listPages` does.
 * @throws TypeError or RangeError, before any call, when something given is not valid.
 *
 * @example
 * ```ts
 * import { listOperations, type OperationsClient } from 'rx-lro';
 *
 * export async function firstRunning(client: OperationsClient): Promise<string | undefined> {
 *   for await (const operation of listOperations(client, { name: 'projects/p' })) {
 *     if (!operation.done) return operation.name;
 *   }
 *   return undefined;
 * }
 * ```
 */
export function listOperations<Response = unknown, Metadata = unknown>(
  client: OperationsClient<Response, Metadata>,
  request: ListOperationsRequest,
  options: RequestOptions = {},
): IterableObservable<Operation<Response, Metadata>> {
  const stream = streamPages(client, request, options, (page) => page.operations);
  return stream as IterableObservable<Operation<Response, Metadata>>;
}
