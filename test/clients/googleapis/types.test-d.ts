import type { cloudbuild_v1 } from '@googleapis/cloudbuild';
import type { run_v2 } from '@googleapis/run';
import { waitForDone } from 'rx-lro';
import { googleapisClient } from 'rx-lro/googleapis';
import { expectTypeOf, test } from 'vitest';

declare const run: run_v2.Run;
declare const cloudbuild: cloudbuild_v1.Cloudbuild;

test('collections are taken as they are, and the types that are given arrive', () => {
  expectTypeOf(googleapisClient).toBeCallableWith(run.projects.locations.operations);
  expectTypeOf(googleapisClient).toBeCallableWith(cloudbuild.operations);
  const client = googleapisClient<{ uri: string }>(run.projects.locations.operations);
  expectTypeOf(waitForDone(client, 'operations/1')).resolves.toEqualTypeOf<{ uri: string }>();
});

test('what is no collection is refused', () => {
  // @ts-expect-error A resource that has operations is not the collection of them.
  googleapisClient(run.projects.locations);
});
