import type { Client } from '@connectrpc/connect';
import { waitForDone } from 'rx-lro';
import { connectClient } from 'rx-lro/connect';
import { expectTypeOf, test } from 'vitest';

import type { Operations } from '../../support/generated/es/google/longrunning/operations_pb.js';

declare const operations: Client<typeof Operations>;

test('a client of generated code is taken as it is, and the types that are given arrive', () => {
  const client = connectClient<{ pages: number }>(operations, { headers: { a: 'b' } });
  expectTypeOf(waitForDone(client, 'operations/1')).resolves.toEqualTypeOf<{ pages: number }>();
});

test('what is no such client is refused', () => {
  // @ts-expect-error There is no getOperation.
  connectClient({ getBook: async () => ({}) });
});
