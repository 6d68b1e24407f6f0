import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect, it, vi } from 'vitest';
import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  poll,
  waitForDone,
  type Method,
  type OperationsClient,
} from 'rx-lro';
import { fleetClient, waitForAll, type FleetOptions } from 'rx-lro/fleet';
import { captureContext, runInContext } from '../../src/core/platform/async-context.js';
import { options } from './verbs.js';

const { backoff, callTimeout } = options;
const fleetOptions: FleetOptions = { callTimeout, backoff, callsPerSecond: 1000 };

const tenant = new AsyncLocalStorage<string>();
const here = (): string => tenant.getStore() ?? 'outside';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A service whose first call of each kind hangs, and where each call is noted: `get: fleet`. */
function service() {
  const contexts: Record<Method, string[]> = {
    get: [],
    wait: [],
    list: [],
    cancel: [],
    delete: [],
  };
  const call = <Answer>(method: Method, answer: () => Answer): Promise<Answer> => {
    contexts[method].push(here());
    return contexts[method].length === 1 ? new Promise(() => undefined) : Promise.resolve(answer());
  };
  const snapshot = (name: string) => ({ name, done: contexts.get.length > 8 });
  const client: OperationsClient = {
    get: ({ name }) => call('get', () => snapshot(name)),
    list: () => call('list', () => ({ operations: [] })),
    cancel: () => call('cancel', () => ({})),
    delete: () => call('delete', () => ({})),
  };
  return { client, contexts };
}

it.each(['fleet', 'outside'])(
  'calls of a fleet run in the context in which fleetClient was made: %s',
  async (maker) => {
    const { client, contexts } = service();
    const make = (): OperationsClient => fleetClient(client, fleetOptions);
    const fleet = maker === 'outside' ? tenant.exit(make) : tenant.run(maker, make);
    const a = tenant.run('A', () => waitForDone(fleet, 'operations/a', options));
    await sleep(20);
    const b = tenant.run('B', () => waitForDone(fleet, 'operations/b', options));
    const c = tenant.run('C', () =>
      Promise.all([
        getOperation(fleet, 'operations/c', options),
        cancelOperation(fleet, 'operations/c', options),
        deleteOperation(fleet, 'operations/d', options),
        waitForAll(fleet, ['operations/e', 'operations/f'], options),
      ]),
    );
    const d = tenant.run('D', async () => {
      for await (const operation of listOperations(fleet, { name: 'p' }, options)) void operation;
    });
    await Promise.all([a, b, c, d]);
    expect(new Set(contexts.get)).toEqual(new Set([maker]));
    expect(contexts.get.length).toBeGreaterThan(8);
    const twice = [maker, maker];
    expect(contexts).toMatchObject({ list: twice, cancel: twice, delete: twice });
  },
);

it('the lists of a sweep run in the context in which fleetClient was made [report 1]', async () => {
  const contexts: string[] = [];
  const names = ['p/operations/1', 'p/operations/2', 'p/operations/3'];
  const client: OperationsClient = {
    get: ({ name }) => {
      contexts.push(here());
      return Promise.resolve({ name });
    },
    list: () => {
      contexts.push(here());
      const isDone = contexts.length > 5;
      return contexts.length === 1
        ? new Promise(() => undefined)
        : Promise.resolve({ operations: names.map((name) => ({ name, done: isDone })) });
    },
  };
  const fleet = tenant.run('fleet', () =>
    fleetClient(client, { ...fleetOptions, sweep: { parent: 'p' } }),
  );
  await Promise.all(names.map((name) => tenant.run(name, () => waitForDone(fleet, name, options))));
  expect(new Set(contexts)).toEqual(new Set(['fleet']));
  expect(contexts.length).toBeGreaterThan(5);
});

it('two fleets with the same callTimeout keep to their own contexts', async () => {
  const [a, b] = [service(), service()];
  const fleetA = tenant.run('A', () => fleetClient(a.client, fleetOptions));
  const fleetB = tenant.run('B', () => fleetClient(b.client, fleetOptions));
  const waitA = waitForDone(fleetA, 'operations/a', options);
  await sleep(20);
  await Promise.all([waitA, waitForDone(fleetB, 'operations/b', options)]);
  expect(new Set(a.contexts.get)).toEqual(new Set(['A']));
  expect(new Set(b.contexts.get)).toEqual(new Set(['B']));
});

it('what a fleet answers is told in its context, and an awaited result in that of the waiter', async () => {
  const { client } = service();
  const fleet = tenant.run('fleet', () => fleetClient(client, fleetOptions));
  const told: string[] = [];
  const awaited = await tenant.run('A', async () => {
    await new Promise<void>((resolve, reject) => {
      const next = (): void => void told.push(here());
      poll(fleet, 'operations/a', options).subscribe({ next, complete: resolve, error: reject });
    });
    return here();
  });
  expect(new Set(told)).toEqual(new Set(['fleet']));
  expect(awaited).toBe('A');
});

it.each([
  ['no process', undefined],
  ['a process without builtin modules', {}],
  ['a Node without that module', { getBuiltinModule: () => undefined }],
  ['a module without resources', { getBuiltinModule: () => ({}) }],
  ['resources without scopes', { getBuiltinModule: () => ({ AsyncResource: Date }) }],
  ['resources that are not a class', { getBuiltinModule: () => ({ AsyncResource: 7 }) }],
  ['something else of that name', { getBuiltinModule: true }],
  [
    'one that throws',
    {
      getBuiltinModule: () => {
        throw new Error('not allowed');
      },
    },
  ],
])('a platform without async contexts runs everything as it is: %s', (_, process) => {
  vi.stubGlobal('process', process);
  const context = tenant.run('maker', captureContext);
  const value = tenant.run('another', () => runInContext(context, here));
  vi.unstubAllGlobals();
  expect(value).toBe('another');
});
