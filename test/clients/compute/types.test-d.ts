import type { compute_v1 } from '@googleapis/compute';
import { waitForDone, type OperationsClient } from 'rx-lro';
import { computeClient, operationFromCompute } from 'rx-lro/compute';
import { expectTypeOf, test } from 'vitest';

declare const client: OperationsClient;
declare const body: compute_v1.Schema$Operation;

test('the body of the generated types is the response', () => {
  type Body = compute_v1.Schema$Operation;
  const zone = computeClient<Body>(client);
  expectTypeOf(waitForDone(zone, operationFromCompute(body))).resolves.toEqualTypeOf<Body>();
  expectTypeOf(waitForDone(zone, 'projects/p/global/operations/o')).resolves.toEqualTypeOf<Body>();
});
