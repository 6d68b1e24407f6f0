import { from, map } from 'rxjs';
import type { ListOperationsResponse, OperationsClient } from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import { checkClient } from '../../core/call/check-client.js';
import { isRecord } from '../../core/values/record.js';
import { operationFromCompute, type ComputeOperation } from './operation.js';

/**
 * Has a client of Compute Engine, Cloud SQL, GKE or Cloud DNS give operations: what its `get`, `wait` and
 * `list` answer with is read by `operationFromCompute`. The rest goes through as it is.
 *
 * @typeParam Body - The type of the bodies. Nothing checks it.
 * @param client - Such as `restClient({ baseUrl, paths: computePaths })`, or one of your own.
 * @returns The client, with the methods that the given one has.
 * @throws TypeError when it is not a client.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { computeClient, computePaths } from 'rx-lro/compute';
 * import { restClient } from 'rx-lro/rest';
 *
 * const baseUrl = 'https://compute.googleapis.com/compute/v1';
 * const client = computeClient(restClient({ baseUrl, paths: computePaths }));
 * const done = await waitForDone(client, 'projects/p/zones/z/operations/o');
 * console.log(done.targetLink);
 * ```
 */
export function computeClient<Body extends ComputeOperation = ComputeOperation>(
  client: OperationsClient,
): OperationsClient<Body, Body> {
  checkClient(client);
  const read = (answer: unknown): OperationLike<Body, Body> => operationFromCompute(answer as Body);
  const list = client.list?.bind(client);
  const cancel = client.cancel?.bind(client);
  const remove = client.delete?.bind(client);
  const wait = client.wait?.bind(client);
  const { pacing } = client;
  return {
    get: (...call) => from(client.get(...call)).pipe(map(read)),
    ...(list && {
      list: (...call) => from(list(...call)).pipe(map((page) => readPage(page, read))),
    }),
    ...(cancel && { cancel }),
    ...(remove && { delete: remove }),
    ...(wait && { wait: (...call) => from(wait(...call)).pipe(map(read)) }),
    ...(pacing && { pacing }),
  };
}

function readPage<Body>(
  page: unknown,
  read: (answer: unknown) => OperationLike<Body, Body>,
): ListOperationsResponse<Body, Body> {
  // The core says what is wrong with a page that is not an object.
  if (!isRecord(page)) return page as ListOperationsResponse<Body, Body>;
  // Compute Engine and Cloud SQL call them `items`, GKE the places that it misses `missingZones`.
  const operations = page['operations'] ?? page['items'];
  return {
    operations: Array.isArray(operations) ? operations.map(read) : operations,
    nextPageToken: page['nextPageToken'],
    unreachable: page['unreachable'] ?? page['unreachables'] ?? page['missingZones'],
  } as ListOperationsResponse<Body, Body>;
}
