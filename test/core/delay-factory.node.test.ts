import { createRequire } from 'node:module';

import * as imported from 'exponential-backoff/dist/delay/delay.factory.js';
import { expect, test, vi } from 'vitest';
import { progressBackoff, type BackoffContext } from 'rx-lro';
import { backoffOf } from '../support/backoff-of.js';

vi.mock('exponential-backoff/dist/delay/delay.factory.js', { spy: true });

const path = 'exponential-backoff/dist/delay/delay.factory.js';
const { DelayFactory } = imported;
const at = (attempt: number): BackoffContext => ({
  attempt,
  elapsed: 0,
  delay: 0,
  operation: { name: 'operations/1', done: false },
  memory: {},
});

// Deep in the package, so it may change with any release: this is why its version is pinned.
test('DelayFactory is where it was, takes what it took, and makes what it made', () => {
  const required = createRequire(import.meta.url)(path) as Record<string, unknown>;
  expect(Object.keys(required)).toEqual(['DelayFactory']);
  expect(required['DelayFactory']).toHaveLength(2);
  const options = {
    startingDelay: 100,
    timeMultiple: 2,
    maxDelay: 1_000,
    jitter: 'none' as const,
    delayFirstAttempt: false,
    numOfAttempts: Infinity,
    retry: () => true,
  };
  expect(DelayFactory(options, 3)).toHaveProperty('jitteredDelay', 400);
  expect(DelayFactory({ ...options, delayFirstAttempt: true }, 3)).toHaveProperty(
    'jitteredDelay',
    800,
  );
  expect(DelayFactory({ ...options, jitter: 'full' }, 3)).toHaveProperty(
    'jitteredDelay',
    expect.any(Number),
  );
});

test.each([
  ['numbers', backoffOf],
  ['progressBackoff', progressBackoff],
])('the delays of %s are computed by it, with either jitter', (_name, backoff) => {
  for (const jitter of ['none', 'full'] as const) {
    vi.mocked(DelayFactory).mockClear();
    backoff({ jitter })(at(4));
    expect(DelayFactory).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ startingDelay: 275, timeMultiple: 1.215, maxDelay: 60_000 }),
      4,
    );
  }
});
