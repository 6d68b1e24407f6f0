import { expect, test } from 'vitest';

import { runExample } from '../support/run-example.js';

test('the example unpacks a binary response, and keeps one of another type', async () => {
  const { code, output, errors } = await runExample('any');
  expect(errors).toBe('');
  expect(output).toBe(
    'Printed at 2023-11-14T22:13:20.000Z.\n' +
      'No google.protobuf.Duration, but type.googleapis.com/google.protobuf.Timestamp; it is kept: true\n',
  );
  expect(code).toBe(0);
});
