import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';
import { Code, OperationFailedError, WaitTimeoutError, waitForDone } from 'rx-lro';
import {
  WaitForAllError,
  fleetClient,
  waitForAll,
  type WaitForAllOptions,
  type WaitForAllProgress,
} from 'rx-lro/fleet';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { failureOf } from '../support/failure-of.js';

function world() {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler, latency: 10, parent: 'projects/p' });
  const client = fleetClient(fake.client, { scheduler, sweep: { parent: 'projects/p' } });
  return { scheduler, fake, client };
}

/** What comes of it when one is done and one is left running, for a reason. */
async function detached(reason: unknown) {
  const { scheduler, fake, client } = world();
  const long = fake.start({ duration: 90_000 });
  const short = fake.start({ duration: 1000, response: 'made' });
  const controller = new AbortController();
  const { signal } = controller;
  const all = failureOf(
    waitForAll(client, [long, short], { scheduler, signal, onAbort: 'detach' }),
  );
  await scheduler.advance(5000);
  controller.abort(reason);
  const error = (await scheduler.runUntil(all)) as WaitForAllError;
  return { scheduler, long, error };
}

describe('waitForAll', () => {
  it('gives the responses in the order of the operations, whichever ends first', async () => {
    const { scheduler, fake, client } = world();
    const slow = fake.start({ duration: 60_000, response: 'slow' });
    const { name } = fake.start({ duration: 1000, response: 'quick' });
    const start = Promise.resolve(fake.start({ duration: 5000, response: 'started' }));
    const silent = fake.start({ duration: 5000 });
    const sources = [slow, name, start, silent, name];
    const all = waitForAll(client, new Set(sources), { scheduler });
    const twice = waitForAll(client, sources, { scheduler });
    expect(await scheduler.runUntil(all)).toEqual(['slow', 'quick', 'started', undefined]);
    expect(await scheduler.runUntil(twice)).toEqual([
      'slow',
      'quick',
      'started',
      undefined,
      'quick',
    ]);
    expect(scheduler.pending).toBe(0);
  });

  it('reads its options as `waitForDone` does, and gives them to no other wait', async () => {
    class Options {
      readonly #decode = (response: unknown) => ({ response });
      get response() {
        return this.#decode;
      }
    }
    const { scheduler, fake, client } = world();
    const controller = new AbortController();
    const options = Object.assign(new Options(), { scheduler, signal: controller.signal });
    const other = fake.start({ duration: 60_000, response: 'other' });
    const operations = [fake.start({ duration: 1000, response: 'made' })];
    const all = waitForAll(client, operations, options);
    const done = waitForDone(client, other, { scheduler });
    expect(await scheduler.runUntil(all)).toEqual([{ response: 'made' }]);
    controller.abort();
    expect(await scheduler.runUntil(done)).toBe('other');
  });

  it('reads each option once, by its name, so that inherited ones and getters count', async () => {
    const { scheduler, fake, client } = world();
    const read: string[] = [];
    const values: Readonly<Record<string, unknown>> = {
      scheduler,
      cancelTimeout: 5000,
      onProgress: (): void => undefined,
      response: (response: unknown) => ({ response }),
    };
    const inherited = Object.defineProperties(
      {},
      Object.fromEntries(
        ['signal', 'onEvent', 'timeout', 'callTimeout', 'backoff', ...Object.keys(values)].map(
          (name) => [
            name,
            {
              get: () => {
                read.push(name);
                return values[name];
              },
            },
          ],
        ),
      ),
    ) as WaitForAllOptions;
    const operation = fake.start({ duration: 1000, response: 'made' });
    const all = waitForAll(client, [operation], Object.create(inherited) as WaitForAllOptions);
    expect(await scheduler.runUntil(all)).toEqual([{ response: 'made' }]);
    expect(read.toSorted()).toEqual([...new Set(read)].toSorted());
    expect(read).toContain('cancelTimeout');
  });

  it.each(['operations/1', 7, undefined, { name: 'operations/1' }])(
    'refuses what is not a list, even a text, and says what to pass: %j [report 15]',
    async (operations) => {
      const { fake, client } = world();
      const error = await failureOf(waitForAll(client, operations as never));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toContain(
        'must be a list of operations, as in `[name]`: an array or another iterable',
      );
      expect(fake.calls).toEqual([]);
    },
  );

  it('is over at once when there is none', async () => {
    const { client } = world();
    const told: WaitForAllProgress[] = [];
    expect(await waitForAll(client, [], { onProgress: (each) => told.push(each) })).toEqual([]);
    expect(told).toEqual([{ total: 0, done: 0, failed: 0, progress: 1 }]);
  });

  it('waits for all that can be got, and lists by name what it did not get', async () => {
    const { scheduler, fake, client } = world();
    const good = fake.start({ duration: 60_000, response: 'good' });
    const bad = fake.start({
      duration: 1000,
      error: { code: Code.ABORTED, message: 'broken', details: [] },
    });
    const all = waitForAll(client, [bad, good, 'projects/p/operations/none'], { scheduler });
    const error = (await scheduler.runUntil(failureOf(all))) as WaitForAllError;
    expect(error).toBeInstanceOf(WaitForAllError);
    expect(error.responses).toEqual(new Map([[1, 'good']]));
    expect(error.failures).toMatchObject([
      { index: 0, name: bad.name, error: { codeName: 'ABORTED' } },
      { index: 2, name: 'projects/p/operations/none', error: { codeName: 'NOT_FOUND' } },
    ]);
    expect(error.failures[0]?.error).toBeInstanceOf(OperationFailedError);
    expect(error.cause).toBe(error.failures[0]?.error);
    expect(error.message).toBe(
      `2 of 3 operations gave no response:\n- ${bad.name}: operation-failed, ABORTED\n- projects/p/operations/none: call-failed, NOT_FOUND`,
    );
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: 'WaitForAllError',
      responses: { 1: 'good' },
      failures: [{ name: bad.name }, { index: 2 }],
    });
  });

  it('keeps its message short', async () => {
    const { scheduler, fake, client } = world();
    const names = Array.from({ length: 1000 }, () => fake.start({ duration: 90_000 }).name);
    const all = waitForAll(client, names, { scheduler, timeout: 1000 });
    const error = (await scheduler.runUntil(failureOf(all))) as WaitForAllError;
    expect(error.failures).toHaveLength(1000);
    expect(error.failures.every((failure) => failure.error instanceof WaitTimeoutError)).toBe(true);
    expect(error.message.split('\n')).toHaveLength(12);
    expect(error.message).toContain('- and 990 more: see `failures`.');
    expect(scheduler.pending).toBe(0);
  });

  it('cancels all of them when the signal is aborted', async () => {
    const { scheduler, fake, client } = world();
    const names = Array.from({ length: 20 }, () => fake.start({ duration: 90_000 }).name);
    const controller = new AbortController();
    const all = failureOf(waitForAll(client, names, { scheduler, signal: controller.signal }));
    await scheduler.advance(5000);
    controller.abort();
    const { failures } = (await scheduler.runUntil(all)) as WaitForAllError;
    expect(failures.map(({ error }) => (error as OperationFailedError).code)).toEqual(
      Array(20).fill(Code.CANCELLED),
    );
  });

  it('leaves all of them running with `detach`, and keeps what it got', async () => {
    const reason = new Error('enough');
    const { scheduler, error } = await detached(reason);
    expect(error.cause).toBe(reason);
    expect(error.responses).toEqual(new Map([[1, 'made']]));
    expect(scheduler.pending).toBe(0);
  });

  const refuse = (): never => {
    throw new Error('This cannot be read.');
  };
  const unwritable = 'a value that cannot be written';
  it.each([
    ['an object without a prototype', Object.create(null), unwritable],
    ['one that cannot be written', { toString: refuse }, unwritable],
    ['one that is written as none', { toString: () => ({}) }, unwritable],
    ['a symbol', Symbol('enough'), 'Symbol(enough)'],
    [
      'an error whose name throws',
      Object.defineProperty(new Error('no'), 'name', { get: refuse }),
      unwritable,
    ],
    [
      'an error whose name is none',
      Object.assign(new Error('no'), { name: Symbol('odd') }),
      'Symbol(odd)',
    ],
    ['a proxy', new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse }), unwritable],
  ])('keeps what it got whatever the others failed with: %s', async (_, reason, written) => {
    const { long, error } = await detached(reason);
    expect(error).toBeInstanceOf(WaitForAllError);
    expect(error.message).toContain(`- ${long.name}: ${written}`);
    expect(error.responses).toEqual(new Map([[1, 'made']]));
    expect(error.failures[0]?.error === reason).toBe(true);
    expect(JSON.stringify(error)).toContain('made');
  });

  it('refuses what is no operation or no option before any call', async () => {
    const { fake, client } = world();
    const { name } = fake.start();
    await expect(waitForAll(client, [name, ''])).rejects.toThrow(RangeError);
    await expect(waitForAll(client, [name], { timeout: -1 })).rejects.toThrow('timeout');
    await expect(
      waitForAll(client, [name], { onProgress: 1 as unknown as () => void }),
    ).rejects.toThrow('onProgress');
    expect(fake.calls).toEqual([]);
  });

  it('takes a wait that cannot begin for one that failed, and leaves nothing of it', async () => {
    const { scheduler, fake, client } = world();
    const names = [1, 2].map(() => fake.start({ duration: 1000 }).name);
    const signal = {
      aborted: false,
      addEventListener: (): void => {
        throw new Error('no listeners here');
      },
      removeEventListener: (): void => undefined,
    };
    const options = { scheduler, signal, timeout: 3_600_000, onProgress: (): void => undefined };
    const error = (await failureOf(waitForAll(client, names, options))) as WaitForAllError;
    expect(error).toBeInstanceOf(WaitForAllError);
    expect(error.failures.map(({ error: cause }) => (cause as Error).message)).toEqual([
      'no listeners here',
      'no listeners here',
    ]);
    expect(scheduler.pending).toBe(0);
  });

  it('counts each operation once, whatever throws as its wait begins', async () => {
    const { scheduler, client } = world();
    const begins = { now: 0 };
    const broken = {
      now: () => {
        begins.now += 1;
        if (begins.now === 2) throw new Error('no time');
        return scheduler.now();
      },
      schedule: scheduler.schedule.bind(scheduler),
    };
    const notStarted = (): never => {
      throw new Error('not started');
    };
    // oxlint-disable-next-line unicorn/no-thenable -- a start call that throws as it is listened to
    const throwing = { then: notStarted };
    const stop = new AbortController();
    stop.abort(new Error('no longer needed'));
    const options = { scheduler, signal: stop.signal, onAbort: 'detach' as const };
    const done = { name: 'operations/1', done: true, response: 'made' };
    const response = async (value: unknown): Promise<unknown> => {
      await setImmediate();
      return value;
    };
    const sources = [throwing as never, done];
    const first = await failureOf(waitForAll(client, sources, options));
    expect((first as WaitForAllError).failures.map(({ index }) => index)).toEqual([0]);
    expect([...(first as WaitForAllError).responses.values()]).toEqual(['made']);
    const second = waitForAll(client, [done, done, done], { scheduler: broken, response });
    expect((await failureOf(second)) as WaitForAllError).toBeInstanceOf(WaitForAllError);
  });

  it('tells how far the whole is, not too often, and at the end', async () => {
    const { scheduler, fake, client } = world();
    const names = Array.from(
      { length: 40 },
      (_, index) => fake.start({ duration: 10_000 + 500 * index, progress: true }).name,
    );
    const failing = fake.start({ duration: 1000, error: { code: 10, message: '', details: [] } });
    const told: (WaitForAllProgress & { readonly time: number })[] = [];
    const onProgress = (progress: WaitForAllProgress): void => {
      told.push({ ...progress, time: scheduler.now() });
      throw new Error('a fault in a log');
    };
    await scheduler.runUntil(
      failureOf(waitForAll(client, [...names, failing], { scheduler, onProgress })),
    );
    expect(told[0]).toMatchObject({ total: 41, done: 0, failed: 0, progress: 0 });
    expect(told.at(-1)).toMatchObject({ total: 41, done: 40, failed: 1, progress: 1 });
    const gaps = told.slice(1, -1).map(({ time }, index) => time - told[index]!.time);
    expect(gaps.length).toBeGreaterThan(20);
    expect(Math.min(...gaps)).toBeGreaterThan(249.9);
    const parts = told.map(({ progress }) => progress);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  });
});
