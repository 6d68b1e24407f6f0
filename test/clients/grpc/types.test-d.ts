import type { ServiceClientConstructor } from '@grpc/grpc-js';
import { waitForDone } from 'rx-lro';
import { grpcClient } from 'rx-lro/grpc';
import { expectTypeOf, test } from 'vitest';

import type { OperationsClient } from '../../support/generated/ts-proto/google/longrunning/operations.js';

declare const generated: OperationsClient;
declare const loaded: InstanceType<ServiceClientConstructor>;

test('a stub of ts-proto and one of proto-loader are taken as they are', () => {
  expectTypeOf(grpcClient).toBeCallableWith(generated);
  expectTypeOf(grpcClient).toBeCallableWith(loaded);
});

test('the types that are given arrive at waitForDone', () => {
  const client = grpcClient<{ pages: number }>(generated);
  expectTypeOf(waitForDone(client, 'operations/1')).resolves.toEqualTypeOf<{ pages: number }>();
});

test('what is no stub is refused', () => {
  // @ts-expect-error A text has no methods.
  grpcClient('localhost:443');
  // @ts-expect-error Its methods are no functions.
  grpcClient({ getOperation: 7 });
});
