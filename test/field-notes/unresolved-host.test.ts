import { describe, expect, it } from 'vitest';
import { getOperation, waitForDone, type OperationsClient } from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';

import { failureOf } from '../support/failure-of.js';

const name = 'operations/1';
const lookup = (code: string, host = 'nosuch.example'): Error =>
  Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code });

/** How long a wait lasts until it fails, in milliseconds, where each get fails or is answered in turn. */
async function durationOf(answers: readonly unknown[]): Promise<number> {
  const time = new VirtualTime();
  const rest = [...answers];
  const client: OperationsClient = {
    get: async () => {
      const next = rest.length > 1 ? rest.shift() : rest[0];
      if (next instanceof Error || next instanceof Response) throw next;
      return next as object;
    },
  };
  const options = { scheduler: time, retry: { jitter: 'none' as const } };
  await time.runUntil(failureOf(waitForDone(client, name, options)));
  return time.now();
}

const failed = (code: string): Error => new TypeError('fetch failed', { cause: lookup(code) });
const minute = 60_000;

describe('a host that has no address', () => {
  it('and never answered ends the wait after about 30 s [report 33]', async () => {
    const duration = await durationOf([failed('ENOTFOUND')]);
    expect(duration).toBeGreaterThanOrEqual(30_000);
    expect(duration).toBeLessThan(45_000);
  });

  it('ends the call of its own sake likewise [report 33]', async () => {
    const time = new VirtualTime();
    const client = { get: async () => Promise.reject(lookup('ENOTFOUND')) };
    await time.runUntil(failureOf(getOperation(client, name, { scheduler: time })));
    expect(time.now()).toBeLessThan(45_000);
  });

  it.each([
    ['answered', { name, done: false }],
    ['answered by an error', new Response('', { status: 503 })],
  ])('has as long as any outage once it %s [report 33]', async (_, answer) => {
    expect(await durationOf([answer, failed('ENOTFOUND')])).toBeGreaterThan(2 * minute);
    expect(await durationOf([failed('ENOTFOUND'), answer, failed('ENOTFOUND')])).toBeGreaterThan(
      2 * minute,
    );
  });

  it('is not one that cannot be looked up right now [report 33]', async () => {
    expect(await durationOf([failed('EAI_AGAIN')])).toBeGreaterThan(2 * minute);
  });

  it('is not one that refuses connections [report 33]', async () => {
    expect(await durationOf([failed('ECONNREFUSED')])).toBeGreaterThan(2 * minute);
  });
});
