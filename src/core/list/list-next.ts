import type { ListOperationsRequest, ListOperationsResponse } from '../client.js';

/**
 * Makes the request for the next page.
 *
 * @param request - The request for the page before. All but its `pageToken` stays the same.
 * @param response - The page before.
 * @returns The next request, or undefined when that page was the last. A page may be empty and not the
 * last. Source: AIP-158.
 *
 * @example
 * ```ts
 * import { listNext } from 'rx-lro';
 *
 * listNext({ name: 'projects/p' }, { nextPageToken: 'abc' }); // { name: 'projects/p', pageToken: 'abc' }
 * ```
 */
export function listNext(
  request: ListOperationsRequest,
  response: ListOperationsResponse,
): ListOperationsRequest | undefined {
  const { nextPageToken } = response;
  return nextPageToken == null || nextPageToken === ''
    ? undefined
    : { ...request, pageToken: nextPageToken };
}
