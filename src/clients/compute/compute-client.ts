import { from, map, type ObservableInput } from 'rxjs';
import type { CallOptions, Method, OperationsClient } from '../../core/client.js';
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
 * @throws TypeError when it is no client.
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
  const asItCame = (answer: unknown): unknown => answer;
  const readers = {
    get: read,
    wait: read,
    list: (page: unknown) => readPage(page, read),
    cancel: asItCame,
    delete: asItCame,
  };
  const methods = (Object.keys(readers) as Method[])
    .filter((method) => client[method] != null)
    .map((method) => {
      const call = client[method]?.bind(client) as Call;
      return [
        method,
        (...parameters: Parameters<Call>) => from(call(...parameters)).pipe(map(readers[method])),
      ];
    });
  // `get` was checked to be there.
  const { pacing } = client;
  return { ...Object.fromEntries(methods), ...(pacing && { pacing }) } as OperationsClient<
    Body,
    Body
  >;
}

type Call = (request: object, options: CallOptions) => ObservableInput<unknown>;

function readPage(page: unknown, read: (answer: unknown) => OperationLike): unknown {
  if (!isRecord(page)) return page;
  // Compute Engine and Cloud SQL call them `items`, GKE the places that it misses `missingZones`.
  const operations = page['operations'] ?? page['items'];
  return {
    operations: Array.isArray(operations) ? operations.map(read) : operations,
    nextPageToken: page['nextPageToken'],
    unreachable: page['unreachable'] ?? page['unreachables'] ?? page['missingZones'],
  };
}
