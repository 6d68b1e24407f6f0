import { Code, statusFrom, type OperationLike, type OperationsClient } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import {
  conformanceScenarios,
  conformanceTable,
  runConformance,
  runScenario,
  type ConformanceConnection,
  type ConformanceSubject,
  type FakeClient,
  type FakeOperations,
} from 'rx-lro/testing';
import { firstValueFrom, from } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { startHttpServer } from '../support/http-server.js';

type Bad = Partial<{ [method in keyof OperationsClient]: OperationsClient[method] }>;

const scenarioOf = (id: string): (typeof conformanceScenarios)[number] => {
  const scenario = conformanceScenarios.find((each) => each.id === id);
  if (scenario === undefined) throw new Error(`There is no scenario ${id}.`);
  return scenario;
};

function subjectOf(spoil: (client: FakeClient, fake: FakeOperations) => Bad): ConformanceSubject {
  return {
    name: 'bad',
    connect: async (fake) => ({
      client: { ...fake.client, ...spoil(fake.client, fake) },
      close: async () => undefined,
    }),
  };
}

const flattened = (error: unknown): Error => {
  const { code, message } = statusFrom(error);
  return Object.assign(new Error(message), { code, details: [] });
};

// Each of these has been seen in an adapter of some package.
const bad: readonly [what: string, caughtBy: string, (client: FakeClient) => Bad][] = [
  [
    'loses the details of a failed call',
    'refused-with-details',
    ({ get }) => ({
      get: async (request, options) =>
        get(request, options).catch((error: unknown) => {
          throw flattened(error);
        }),
    }),
  ],
  [
    'loses a RetryInfo',
    'retry-info',
    ({ get }) => ({
      get: async (request, options) =>
        get(request, options).catch((error: unknown) => {
          throw flattened(error);
        }),
    }),
  ],
  [
    'rejects with something that is no Error',
    'cause',
    ({ get }) => ({
      get: async (request, options) =>
        get(request, options).catch((error: unknown) => {
          throw statusFrom(error);
        }),
    }),
  ],
  [
    'takes every failure for one that passes',
    'final-errors',
    ({ get }) => ({
      get: async (request, options) =>
        get(request, options).catch((cause: unknown) => {
          throw Object.assign(new Error('fetch failed', { cause }), {
            code: Code.UNAVAILABLE,
            details: [],
          });
        }),
    }),
  ],
  [
    'takes every failure for a final one',
    'transient-storm',
    ({ get }) => ({
      get: async (request, options) =>
        get(request, options).catch((cause: unknown) => {
          const status = { code: Code.UNKNOWN, details: [] };
          throw Object.assign(new Error('Failed.', { cause }), status);
        }),
    }),
  ],
  [
    'tries again by itself',
    'connection-breaks',
    ({ get }) => ({
      get: async (request, options) => {
        await get(request, options).catch(() => undefined);
        return get(request, options);
      },
    }),
  ],
  ['ignores the signal', 'abort-in-flight', ({ get }) => ({ get: (request) => get(request) })],
  ['lets a call hang for ever', 'hang', ({ get }) => ({ get: (request) => get(request) })],
  [
    'goes on in the background after an abort',
    'unsubscribe',
    ({ get }) => ({ get: (request) => get(request) }),
  ],
  [
    'tries again by itself after an abort',
    'unsubscribe',
    ({ get }) => ({
      get: async (request, options) => {
        options.signal.addEventListener('abort', () => setTimeout(() => void get(request), 20));
        return get(request, options);
      },
    }),
  ],
  [
    'does not send a cancel',
    'cancel-honoured',
    () => ({ cancel: async (): Promise<object> => ({}) }),
  ],
  [
    'makes up the end of an operation that was cancelled',
    'cancel-ignored',
    ({ get, cancel }) => {
      let isCancelled = false;
      return {
        cancel: async (request, options) => {
          isCancelled = true;
          return cancel(request, options);
        },
        get: async (request, options) => {
          const { name } = await get(request, options);
          return { name, done: isCancelled, error: isCancelled ? { code: Code.CANCELLED } : null };
        },
      };
    },
  ],
  [
    'hides that a cancel is UNIMPLEMENTED',
    'cancel-unimplemented',
    ({ get, cancel }) => {
      let isCancelled = false;
      return {
        cancel: async (request, options) => {
          isCancelled = true;
          return cancel(request, options).catch(() => ({}));
        },
        get: async (request, options) =>
          isCancelled
            ? { name: request.name, done: true, error: { code: Code.CANCELLED } }
            : get(request, options),
      };
    },
  ],
  ['does not send a delete', 'delete', () => ({ delete: async (): Promise<object> => ({}) })],
  [
    'throws the error of an operation as that of the call',
    'failed-with-details',
    ({ get }) => ({
      get: async (request, options) => {
        const operation = await get(request, options);
        if (operation.error !== undefined) {
          throw Object.assign(new Error(operation.error.message), operation.error);
        }
        return operation;
      },
    }),
  ],
  [
    'loses the details of an operation that failed',
    'failed-with-details',
    ({ get }) => ({
      get: async (request, options): Promise<OperationLike> => {
        const { error, ...operation } = await get(request, options);
        return error === undefined ? operation : { ...operation, error: { ...error, details: [] } };
      },
    }),
  ],
  [
    'asks nobody, and takes everything for done',
    'retry-info',
    () => ({ get: async ({ name }): Promise<OperationLike> => ({ name, done: true }) }),
  ],
  [
    'loses the metadata',
    'pending-then-response',
    ({ get }) => ({
      get: async (request, options): Promise<OperationLike> => {
        const { metadata: _, ...operation } = await get(request, options);
        return operation;
      },
    }),
  ],
  [
    'takes a response that is not there for a failure',
    'done-with-neither',
    ({ get }) => ({
      get: async (request, options) => {
        const operation = await get(request, options);
        return operation.done && operation.response === undefined
          ? { ...operation, error: { code: Code.INTERNAL } }
          : operation;
      },
    }),
  ],
  [
    'takes a NOT_FOUND for an operation that is pending',
    'not-found-after',
    ({ get }) => ({
      get: async (request, options): Promise<OperationLike> =>
        get(request, options).catch(() => ({ name: request.name, done: true })),
    }),
  ],
  [
    'gives the first page alone',
    'list-pages',
    ({ list }) => ({
      list: async (request, options) => ({ ...(await list(request, options)), nextPageToken: '' }),
    }),
  ],
  [
    'loses the places that cannot be reached',
    'list-unreachable',
    ({ list }) => ({
      list: async (request, options) => ({ ...(await list(request, options)), unreachable: [] }),
    }),
  ],
  [
    'loses the filter',
    'list-request',
    ({ list }) => ({
      list: async (request, options) => list({ ...request, filter: '' }, options),
    }),
  ],
  [
    'encodes a name twice',
    'names',
    ({ get }) => ({
      get: async ({ name }, options) => ({
        ...(await get({ name: encodeURI(name) }, options)),
        name,
      }),
    }),
  ],
  [
    'cannot cancel by an odd name',
    'names',
    () => ({
      cancel: async (): Promise<object> => {
        throw Object.assign(new Error('No.'), { code: Code.INVALID_ARGUMENT, details: [] });
      },
    }),
  ],
  [
    'reads UTF-8 as Latin-1',
    'unicode',
    ({ get }) => ({
      get: async (request, options) => {
        const json = JSON.stringify(await get(request, options));
        return JSON.parse(Buffer.from(json).toString('latin1')) as OperationLike;
      },
    }),
  ],
  [
    'cuts long answers',
    'large',
    ({ get }) => ({
      get: async (request, options) => {
        const json = JSON.stringify(await get(request, options));
        return JSON.parse(json.slice(0, 2 * 1024 * 1024)) as OperationLike;
      },
    }),
  ],
  [
    'asks twice where once was meant',
    'done-at-once',
    ({ get }) => ({
      get: async (request, options) => {
        await get(request, options);
        return get(request, options);
      },
    }),
  ],
  [
    'has no wait but says that it has',
    'wait',
    ({ get }) => ({ wait: ({ name }, options) => get({ name }, options) }),
  ],
];

describe('the suite catches a client that', () => {
  // In memory all waits are timers: time goes on when nothing else is left to do.
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setTimerTickMode('nextTimerAsync');
  });
  afterEach(() => vi.useRealTimers());

  test.for(bad)('%s: %s', async ([, id, spoil]) => {
    const good = await runScenario(
      subjectOf(() => ({})),
      scenarioOf(id),
    );
    // What the service itself cannot do in memory proves nothing about the client.
    if (id !== 'cause') expect(good).toEqual({ id, outcome: 'passed' });
    const result = await runScenario(subjectOf(spoil), scenarioOf(id));
    expect(result).toMatchObject({ id, outcome: 'failed', error: expect.any(Error) as Error });
  });

  test('answers with far too much, and says so in short', async () => {
    const spoil = ({ get }: FakeClient): Bad => ({
      get: async (request, options): Promise<OperationLike> => ({
        ...(await get(request, options)),
        response: 'far too much'.repeat(1000),
      }),
    });
    const result = await runScenario(subjectOf(spoil), scenarioOf('done-at-once'));
    const { message } = (result as { readonly error: Error }).error;
    expect(message).toMatch(/^the response: expected .*, but it is "far too much.*…$/);
    expect(message.length).toBeLessThan(500);
  });

  test('does not see that a server is gone as a failure that passes', async () => {
    // A socket has no other time than the real one.
    vi.useRealTimers();
    const connect = async (fake: FakeOperations): Promise<ConformanceConnection> => {
      const server = await startHttpServer(fake.fetch);
      const { get } = restClient({ baseUrl: server.url });
      const hidden: OperationsClient['get'] = async (request, options) =>
        firstValueFrom(from(get(request, options))).catch((cause: unknown) => {
          throw Object.assign(new Error('No.', { cause }), {
            code: Code.INVALID_ARGUMENT,
            details: [],
          });
        });
      return { client: { get: hidden }, ...server };
    };
    const result = await runScenario({ name: 'bad', connect }, scenarioOf('server-gone'));
    expect(result).toMatchObject({ outcome: 'failed', error: expect.any(Error) as Error });
  });
});

describe('a subject', () => {
  const good = subjectOf(() => ({}));

  test('may say what does not apply, with a reason that the table shows', async () => {
    const notApplicable = Object.fromEntries(
      conformanceScenarios.map(({ id }) => [id, id === 'wait' ? 'No wait.' : 'Not today.']),
    );
    const report = await runConformance({ ...good, name: 'idle', notApplicable });
    expect(report.results).toHaveLength(conformanceScenarios.length);
    const table = conformanceTable([report]);
    expect(table).toMatch(/^\| +\| idle +\|\n\| -+ \| -+ \|\n/);
    expect(table).toContain('\n\n1. Not today.\n2. No wait.');
    expect(table.match(/^\| .* \| – [12] +\|$/gm)).toHaveLength(conformanceScenarios.length);
  });

  test('has a mark for each scenario in the table, whatever came of it', () => {
    const [passed, failed, ...others] = conformanceScenarios;
    const results = [
      { id: passed!.id, outcome: 'passed' },
      { id: failed!.id, outcome: 'failed', error: new Error('No.') },
    ] as const;
    const lines = conformanceTable([{ subject: 'half', results }]).split('\n');
    expect(lines.slice(2, 4).map((line) => line.split('|').slice(1, 3))).toEqual([
      [expect.stringContaining(passed!.title), ' ✓       '],
      [expect.stringContaining(failed!.title), ' ✗       '],
    ]);
    // Without a reason there is nothing beneath the last row.
    expect(lines.slice(4).every((line) => line.endsWith(' not run |'))).toBe(true);
    expect(lines).toHaveLength(4 + others.length);
  });

  test.each([
    [{ nonsense: 'It is none.' }, 'has an id that is not a scenario: nonsense'],
    [{ wait: ' ' }, 'must give a reason for wait'],
  ])('is refused with %o as what does not apply', async (notApplicable, message) => {
    const run = runConformance({ ...good, notApplicable });
    await expect(run).rejects.toThrow(message);
  });

  test('that cannot connect has failed, and the suite goes on', async () => {
    const connect = async (): Promise<never> => {
      throw new Error('No port is free.');
    };
    const [first] = conformanceScenarios;
    expect(await runScenario({ name: 'lost', connect }, first!)).toMatchObject({
      outcome: 'failed',
      error: new Error('No port is free.'),
    });
  });

  test('is closed after each scenario, also after one that failed', async () => {
    let open = 0;
    const counting: ConformanceSubject = {
      name: 'counting',
      connect: async (fake) => {
        open += 1;
        return {
          client: fake.client,
          close: async () => {
            open -= 1;
          },
        };
      },
    };
    await runScenario(counting, scenarioOf('done-at-once'));
    expect(await runScenario(counting, scenarioOf('server-gone'))).toMatchObject({
      outcome: 'failed',
    });
    expect(open).toBe(0);
  });

  test('is closed even when the scenario hangs, after ten seconds', async () => {
    vi.useFakeTimers();
    try {
      const close = vi.fn(async () => undefined);
      const hanging: ConformanceSubject = {
        name: 'hanging',
        connect: async ({ client }) => ({ client, close }),
      };
      const scenario = { id: 'own', title: 'Hangs', run: () => new Promise<void>(() => undefined) };
      const running = runScenario(hanging, scenario);
      await vi.advanceTimersByTimeAsync(9_999);
      expect(close).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(await running).toMatchObject({ id: 'own', outcome: 'failed' });
      expect(close).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});
