import { expect, it } from 'vitest';

import { runExample } from '../support/run-example.ts';

it('waits as activities of Temporal, whose state is in their heartbeats', async () => {
  const { code, output, errors } = await runExample('temporal/run');
  expect(errors).toBe('');
  expect(output).toMatch(/^attempt 1: .* Next in 275 ms\.\nattempt 2: /);
  expect(output).toMatch(/\nThe film: { minutes: 90 }\noperations\/2: CANCELLED\n$/);
  expect(code).toBe(0);
});
