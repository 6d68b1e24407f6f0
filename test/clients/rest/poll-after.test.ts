import { describe, expect, it } from 'vitest';
import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { VirtualTime } from 'rx-lro/testing';

import { json } from './recorder.js';

const name = 'operations/1';
const baseUrl = 'https://api.example.com';
const later = { headers: { 'retry-after': '20' } };

describe('Retry-After on an answer that says "not done"', () => {
  it.each([undefined, { startingDelay: 1_000, maxDelay: 1_000, jitter: 'none' as const }])(
    'is when the next call is made, with the backoff %o [report 16]',
    async (backoff) => {
      const time = new VirtualTime();
      const calledAt: number[] = [];
      const client = restClient({
        baseUrl,
        fetch: async () => {
          calledAt.push(time.now());
          return calledAt.length < 3 ? json({ name }, later) : json({ name, done: true });
        },
      });
      await time.runUntil(waitForDone(client, name, { scheduler: time, backoff }));
      expect(calledAt).toEqual([0, 20_000, 40_000]);
    },
  );

  it('is not part of what the other methods answer [report 16]', async () => {
    const client = restClient({ baseUrl, fetch: async () => json({ name }, later) });
    expect(await client.get({ name })).toEqual({ name, pollAfter: 20_000 });
    expect(await client.list({ name })).toEqual({ name });
    expect(await client.cancel({ name })).toEqual({ name });
  });
});
