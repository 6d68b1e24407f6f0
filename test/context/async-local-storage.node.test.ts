import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';
import { Subject } from 'rxjs';
import { poll, waitForDone, type OperationsClient } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { FakeOperations } from 'rx-lro/testing';
import { startHttpServer } from '../support/http-server.js';
import { hangFirst, name, options, scriptedClient, verbs, type OnCall } from './verbs.js';

type Run = (typeof verbs)[number][1];

const tenant = new AsyncLocalStorage<string>();

/** In which contexts something ran, in their order; `outside` stands for none. */
class Contexts {
  readonly all: string[] = [];

  readonly note = (): void => {
    this.all.push(tenant.getStore() ?? 'outside');
  };

  /** Each of them once. */
  get kinds(): string[] {
    return [...new Set(this.all)];
  }
}

/** Asks in a context, and takes note of where each call and each event was. */
async function askIn(context: string, run: Run, onCall: OnCall, doneAt?: number) {
  const calls = new Contexts();
  const events = new Contexts();
  const client = scriptedClient((call) => {
    calls.note();
    return onCall(call);
  }, doneAt);
  const begin = (): Promise<unknown> => run(client, events.note);
  await (context === 'outside' ? tenant.exit(begin) : tenant.run(context, begin));
  return { calls, events };
}

describe.each(verbs)('%s [report 1]', (_, run) => {
  it.concurrent.each([
    ['A', 'B'],
    ['outside', 'B'],
    ['A', 'outside'],
  ])('asks in its own context after a call that hung: %s, then %s', async (first, second) => {
    const earlier = askIn(first, run, hangFirst);
    await sleep(20);
    const later = askIn(second, run, hangFirst);
    const [a, b] = await Promise.all([earlier, later]);
    expect([a.calls.kinds, a.events.kinds]).toEqual([[first], [first]]);
    expect([b.calls.kinds, b.events.kinds]).toEqual([[second], [second]]);
    // The one that hung was tried again.
    expect(Math.min(a.calls.all.length, b.calls.all.length)).toBeGreaterThan(1);
  });
});

it.concurrent.each(verbs.filter(([verb]) => verb === 'poll' || verb === 'waitForDone'))(
  '%s asks in its own context while a wait of another one goes on',
  async (_, run) => {
    const earlier = askIn('A', run, () => undefined, 20);
    await sleep(20);
    const later = askIn('B', run, hangFirst, 6);
    const [a, b] = await Promise.all([earlier, later]);
    expect([a.calls.kinds, a.events.kinds]).toEqual([['A'], ['A']]);
    expect([b.calls.kinds, b.events.kinds]).toEqual([['B'], ['B']]);
    expect(b.calls.all.length).toBeGreaterThan(1);
  },
);

it.concurrent('a later call that hangs, after a start call, is tried again in the context of its wait', async () => {
  const earlier = tenant.run('A', () => waitForDone(scriptedClient(hangFirst, 20), name, options));
  await sleep(20);
  const calls = new Contexts();
  const client = scriptedClient((call) => {
    calls.note();
    return call === 3 ? new Promise(() => undefined) : undefined;
  }, 6);
  const started = sleep(1, name);
  await tenant.run('B', () => waitForDone(client, started, options));
  await earlier;
  expect(calls.kinds).toEqual(['B']);
  expect(calls.all).toHaveLength(6);
});

it.concurrent('a cancel is sent in the context of its wait, and again when it hung', async () => {
  const earlier = tenant.run('A', () => waitForDone(scriptedClient(hangFirst, 20), name, options));
  await sleep(20);
  const cancels = new Contexts();
  const gets = new Contexts();
  let isCancelled = false;
  const stop = new AbortController();
  const client: OperationsClient = {
    get: () => {
      gets.note();
      if (gets.all.length === 2) stop.abort();
      return Promise.resolve({ name, done: isCancelled });
    },
    cancel: () => {
      cancels.note();
      if (cancels.all.length === 1) return new Promise(() => undefined);
      isCancelled = true;
      return Promise.resolve({});
    },
  };
  await tenant.run('B', () => waitForDone(client, name, { ...options, signal: stop.signal }));
  await earlier;
  expect(cancels.all).toEqual(['B', 'B']);
  expect(gets.kinds).toEqual(['B']);
});

it.concurrent.each(['cancel', 'detach'] as const)(
  'two waits that share a signal act each in its own context, aborted in a third: %s [report 1]',
  async (onAbort) => {
    const stop = new AbortController();
    const waits = ['A', 'B'].map((context) => {
      const seen = new Contexts();
      let isCancelled = false;
      const client: OperationsClient = {
        get: () => {
          seen.note();
          return Promise.resolve({ name, done: isCancelled });
        },
        cancel: () => {
          seen.note();
          isCancelled = true;
          return Promise.resolve({});
        },
      };
      const ended = new Promise<void>((resolve) => {
        const end = (): void => {
          seen.note();
          resolve();
        };
        const observer = { next: seen.note, error: end, complete: end };
        const settings = { ...options, signal: stop.signal, onAbort, onEvent: seen.note };
        tenant.run(context, () => poll(client, name, settings).subscribe(observer));
      });
      return { context, seen, ended };
    });
    await sleep(20);
    tenant.run('admin', () => stop.abort());
    for (const { context, seen, ended } of waits) {
      await ended;
      expect(seen.kinds).toEqual([context]);
    }
  },
);

it.concurrent('what a notifier has asked is asked in the context of the wait, and so is the report of its failure', async () => {
  const notifier = new Subject<void>();
  const seen = new Contexts();
  let calls = 0;
  const client: OperationsClient = {
    get: async () => {
      seen.note();
      calls += 1;
      return { name, done: calls > 2 };
    },
  };
  const settings = { backoff: () => 200, notifier, onEvent: seen.note };
  const wait = tenant.run('A', () => waitForDone(client, name, settings));
  await sleep(20);
  tenant.run('webhook', () => notifier.next());
  tenant.run('webhook', () => notifier.error(new Error('closed')));
  await wait;
  expect(seen.kinds).toEqual(['A']);
  expect(calls).toBe(3);
});

it.concurrent('two subscriptions to one Observable ask each in its own context', async () => {
  const calls = new Map<string, string[]>();
  const client: OperationsClient = {
    get: () => {
      const context = tenant.getStore() ?? 'outside';
      const own = calls.get(context) ?? [];
      calls.set(context, [...own, context]);
      if (own.length === 0) return new Promise(() => undefined);
      return Promise.resolve({ name, done: own.length > 3 });
    },
  };
  const operation$ = poll(client, name, options);
  const snapshots: Record<string, string[]> = { A: [], B: [] };
  const listen = (owner: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => void snapshots[owner]?.push(tenant.getStore() ?? 'outside');
      operation$.subscribe({ next, complete: resolve, error: reject });
    });
  const a = tenant.run('A', () => listen('A'));
  await sleep(20);
  const b = tenant.run('B', () => listen('B'));
  await Promise.all([a, b]);
  expect([...calls.keys()]).toEqual(['A', 'B']);
  expect(snapshots).toEqual({ A: ['A', 'A'], B: ['B', 'B'] });
});

it.concurrent("an operation is asked about with its owner's token, also after a request that hung [report 1]", async () => {
  const service = new FakeOperations();
  const tokens = new Map<string, string[]>();
  const server = await startHttpServer((request, init) => {
    const asked = new URL(request.url).pathname.replace('/v1/', '');
    const before = tokens.get(asked) ?? [];
    tokens.set(asked, [...before, request.headers.get('authorization') ?? '']);
    // The answer to the first request never comes.
    if (before.length === 0) return new Promise(() => undefined);
    return service.fetch(request, init);
  });
  try {
    const client = restClient({
      baseUrl: server.url,
      headers: () => ({ authorization: `Bearer token of ${tenant.getStore()}` }),
    });
    const [ofA, ofB] = ['A', 'B'].map((response) => service.start({ duration: 300, response }));
    const wait = (operation: string): Promise<unknown> =>
      waitForDone(client, operation, { ...options, callTimeout: 400 });
    const a = tenant.run('A', () => wait(ofA!.name));
    await sleep(20);
    const b = tenant.run('B', () => wait(ofB!.name));
    await Promise.all([a, b]);
    expect([...new Set(tokens.get(ofA!.name))]).toEqual(['Bearer token of A']);
    expect([...new Set(tokens.get(ofB!.name))]).toEqual(['Bearer token of B']);
    expect(tokens.get(ofB!.name)!.length).toBeGreaterThan(1);
  } finally {
    await server.close();
  }
});
