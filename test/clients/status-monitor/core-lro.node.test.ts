import { readFileSync } from 'node:fs';

import { Code, waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { root } from '../../support/entry-points.js';
import { startHttpServer } from '../../support/http-server.js';
import { failureOf } from '../../support/failure-of.js';
import { compare, serve, withCoreLro, type Ending } from './rivals.js';
import type { Routes, Scripted } from './service.js';
import { quick } from './world.js';

const film = { id: 'film-42', properties: { provisioningState: 'Succeeded' } };
const error = { code: 'ExecutionFailure', message: 'For test reasons.' };
const says = (status: string, more: object = {}): Scripted => ({ body: { status, ...more } });
const is = (provisioningState: string): Scripted => ({
  body: { id: 'film-42', properties: { provisioningState } },
});
const accepted = (headers: Readonly<Record<string, string>>, status = 202): Scripted => ({
  status,
  headers,
  ...(status === 202 ? {} : { body: { id: 'film-42' } }),
});

type Case = readonly [title: string, call: string, routes: Routes];

const start = (method: string, answer: Scripted): Routes => ({ [`${method} /films/42`]: answer });

const monitors = ['azure-asyncoperation', 'operation-location'];

/** Both come to the same end. */
const same: readonly Case[] = [
  ...monitors.flatMap((header): readonly Case[] => [
    ...['PUT', 'PATCH'].flatMap((method): readonly Case[] =>
      [200, 201, 202].map((status) => [
        `${header}, ${method} ${status}: the resource`,
        `${method} /films/42`,
        {
          ...start(method, accepted({ [header]: '/op' }, status)),
          'GET /op': [says('Creating'), says('InProgress'), says('Succeeded')],
          'GET /films/42': { body: film },
        },
      ]),
    ),
    ...['POST', 'DELETE'].map((method): Case => [
      `${header}, ${method}: the document of the monitor`,
      `${method} /films/42`,
      {
        ...start(method, accepted({ [header]: '{origin}/op' })),
        'GET /op': [says('Running'), says('Succeeded', { properties: { pages: 12 } })],
      },
    ]),
    ...['POST', 'PATCH'].map((method): Case => [
      `${header} and Location, ${method}: what is at Location`,
      `${method} /films/42`,
      {
        ...start(method, accepted({ [header]: '/op', location: '/result' })),
        'GET /op': [says('Running'), says('Succeeded')],
        'GET /result': { body: { pages: 12 } },
      },
    ]),
    ...['PUT', 'DELETE'].map((method): Case => [
      `${header} and Location, ${method}: Location is not asked`,
      `${method} /films/42`,
      {
        ...start(method, accepted({ [header]: '/op', location: '/result' })),
        'GET /op': [says('Running'), says('Succeeded')],
        'GET /films/42': { body: film },
        'GET /result': { body: { pages: 12 } },
      },
    ]),
    ...['Failed', 'failed', 'Canceled', 'CANCELLED'].map((word): Case => [
      `${header}: ${word}`,
      'PUT /films/42',
      {
        ...start('PUT', accepted({ [header]: '/op' })),
        'GET /op': [says('Running'), says(word, { error })],
        'GET /films/42': { body: film },
      },
    ]),
    [
      `${header}: the word succeeded in any case`,
      'DELETE /films/42',
      { ...start('DELETE', accepted({ [header]: '/op' })), 'GET /op': says('sUCCEEDED') },
    ],
    [
      `${header}: 202 from the monitor`,
      'DELETE /films/42',
      {
        ...start('DELETE', accepted({ [header]: '/op' })),
        'GET /op': [{ status: 202 }, { ...says('Running'), status: 202 }, says('Succeeded')],
      },
    ],
    [
      `${header}: 204 from the monitor`,
      'DELETE /films/42',
      { ...start('DELETE', accepted({ [header]: '/op' })), 'GET /op': { status: 204 } },
    ],
    [
      `${header}: a document without a status`,
      'DELETE /films/42',
      { ...start('DELETE', accepted({ [header]: '/op' })), 'GET /op': { body: { pages: 12 } } },
    ],
    [
      `${header}: resourceLocation`,
      'PUT /films/42',
      {
        ...start('PUT', accepted({ [header]: '/op' })),
        'GET /op': [says('Running'), says('Succeeded', { resourceLocation: '/films/43' })],
        'GET /films/43': { body: { id: 'film-43' } },
      },
    ],
    [
      `${header}: a new URL of the monitor`,
      'DELETE /films/42',
      {
        ...start('DELETE', accepted({ [header]: '/op' })),
        'GET /op': [{ ...says('Running'), headers: { [header]: '/op2' } }, { status: 404 }],
        'GET /op2': [says('Running'), says('Succeeded')],
      },
    ],
    [
      `${header}: the result is not there`,
      'PUT /films/42',
      { ...start('PUT', accepted({ [header]: '/op' })), 'GET /op': says('Succeeded') },
    ],
    ...[{ status: 204 }, { body: { pages: 1 } }].flatMap((end): readonly Case[] => [
      [
        `${header}: PUT, the monitor ends with ${JSON.stringify(end)}`,
        'PUT /films/42',
        {
          ...start('PUT', accepted({ [header]: '/op' })),
          'GET /op': [says('Running'), end],
          'GET /films/42': { body: film },
        },
      ],
      [
        `${header} and Location: POST, the monitor ends with ${JSON.stringify(end)}`,
        'POST /films/42',
        {
          ...start('POST', accepted({ [header]: '/op', location: '/result' })),
          'GET /op': [says('Running'), end],
          'GET /result': { body: { pages: 12 } },
        },
      ],
    ]),
    ...[3, null].map((status): Case => [
      `${header}: the status ${status}`,
      'DELETE /films/42',
      { ...start('DELETE', accepted({ [header]: '/op' })), 'GET /op': { body: { status } } },
    ]),
    ...['ValidationFailed', 'FailedToStart', 'SucceededWithIssues'].map((word): Case => [
      `${header}: the word ${word}`,
      'DELETE /films/42',
      { ...start('DELETE', accepted({ [header]: '/op' })), 'GET /op': says(word) },
    ]),
    [
      `${header}: the monitor refuses`,
      'PUT /films/42',
      { ...start('PUT', accepted({ [header]: '/op' })), 'GET /op': { status: 403 } },
    ],
  ]),
  ...['PUT', 'POST', 'PATCH', 'DELETE'].flatMap((method): readonly Case[] => [
    [
      `Location, ${method}: 202 until 200`,
      `${method} /films/42`,
      {
        ...start(method, accepted({ location: '/op' })),
        'GET /op': [{ status: 202 }, { status: 202, headers: { location: '/op' } }, { body: film }],
      },
    ],
    [
      `Location, ${method}: 202 until 204`,
      `${method} /films/42`,
      {
        ...start(method, accepted({ location: '{origin}/op?x=1' })),
        'GET /op?x=1': [{ status: 202 }, { status: 204 }],
      },
    ],
  ]),
  [
    'operation-location: the word PartiallyFailed',
    'DELETE /films/42',
    {
      ...start('DELETE', accepted({ 'operation-location': '/op' })),
      'GET /op': says('PartiallyFailed'),
    },
  ],
  [
    'Location: a new URL of the monitor',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': { status: 202, headers: { location: '/op2' } },
      'GET /op2': { body: { pages: 12 } },
    },
  ],
  [
    'Location: the monitor refuses',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': { status: 409, body: { error } },
    },
  ],
  ...[200, 201, 202].map((status): Case => [
    `no header, PUT ${status}: the provisioningState of the resource`,
    'PUT /films/42',
    {
      ...start('PUT', { ...is('Creating'), status }),
      'GET /films/42': [is('Creating'), is('MountingDrives'), { body: film }],
    },
  ]),
  ...['Failed', 'Canceled'].map((word): Case => [
    `no header, PUT: the provisioningState ${word}`,
    'PUT /films/42',
    { ...start('PUT', is('Creating')), 'GET /films/42': [is('Creating'), is(word)] },
  ]),
  [
    'no header, PUT: a resource without a provisioningState',
    'PUT /films/42',
    { ...start('PUT', is('Creating')), 'GET /films/42': { body: { id: 'film-42' } } },
  ],
  ...[200, 201].map((status): Case => [
    `no header, PUT ${status}: done at once`,
    'PUT /films/42',
    start('PUT', { status, body: film }),
  ]),
  [
    'Location: a resource whose provisioningState is Creating',
    'POST /films/42',
    { ...start('POST', accepted({ location: '/op' })), 'GET /op': is('Creating') },
  ],
  ...[201, 200].map((status): Case => [
    `no header, POST ${status}: a resource with a status of its own`,
    'POST /films/42',
    start('POST', { status, body: { id: 7, status: 'pending' } }),
  ]),
  ['no header, DELETE 204: done at once', 'DELETE /films/42', start('DELETE', { status: 204 })],
  ['no header, POST 200: done at once', 'POST /films/42', start('POST', { body: { pages: 12 } })],
  ['the start call is refused', 'PUT /films/42', start('PUT', { status: 409, body: { error } })],
];

const jobs: Routes = {
  'POST /films/42': { status: 202, headers: { 'content-location': '/op' } },
  'GET /op': [{ status: 202 }, { body: { pages: 12 } }],
};

/** They end otherwise. The reason is in the guide, in a row of the same title. */
const different: readonly (readonly [
  ...Case,
  core: 'fails' | object | undefined,
  ours: 'fails' | object | undefined,
])[] = [
  [
    '`Location` answers 200 with `Failed`',
    'DELETE /films/42',
    { ...start('DELETE', accepted({ location: '/op' })), 'GET /op': says('Failed', { error }) },
    { status: 'Failed', error },
    'fails',
  ],
  [
    '`Location` answers 200 with `Running`',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': [says('Running'), { body: { pages: 12 } }],
    },
    { status: 'Running' },
    { pages: 12 },
  ],
  [
    'after a PUT, `Location` answers 200 with `Succeeded`',
    'PUT /films/42',
    {
      ...start('PUT', accepted({ location: '/op' })),
      'GET /op': says('Succeeded'),
      'GET /films/42': { body: film },
    },
    { status: 'Succeeded' },
    film,
  ],
  [
    'a document with an `error` and no status',
    'DELETE /films/42',
    {
      ...start('DELETE', accepted({ 'operation-location': '/op' })),
      'GET /op': { body: { error } },
    },
    { error },
    'fails',
  ],
  [
    'the provisioning state `Failed` in the answer to the start call, with no header',
    'POST /films/42',
    start('POST', is('Failed')),
    is('Failed').body as object,
    'fails',
  ],
  [
    'the word `Completed` of a monitor',
    'DELETE /films/42',
    {
      ...start('DELETE', accepted({ 'operation-location': '/op' })),
      'GET /op': [says('Completed'), says('Succeeded')],
    },
    { status: 'Succeeded' },
    { status: 'Completed' },
  ],
  ...['NotSucceeded', 'FailingOver', ''].map(
    (word) =>
      [
        word === '' ? 'an empty `status` of a monitor' : `the word \`${word}\` of a monitor`,
        'DELETE /films/42',
        {
          ...start('DELETE', accepted({ 'operation-location': '/op' })),
          'GET /op': [says(word), says('Succeeded')],
        },
        word === 'FailingOver' ? ('fails' as const) : { status: word },
        { status: 'Succeeded' },
      ] as const,
  ),
  [
    '`Location` answers 200 with nothing but a word that is not known',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': [says('Archived', { id: 7 }), { body: { pages: 12 } }],
    },
    { status: 'Archived', id: 7 },
    { pages: 12 },
  ],
  [
    'a monitor with no `status` and the provisioning state `Creating`',
    'DELETE /films/42',
    {
      ...start('DELETE', accepted({ 'operation-location': '/op' })),
      'GET /op': [is('Creating'), says('Succeeded')],
    },
    is('Creating').body as object,
    { status: 'Succeeded' },
  ],
  [
    'after a PATCH, the provisioning state `Updating` beside no header',
    'PATCH /films/42',
    { ...start('PATCH', is('Updating')), 'GET /films/42': { body: film } },
    is('Updating').body as object,
    film,
  ],
  [
    'the provisioning state `Failed` of the resource after success',
    'PUT /films/42',
    {
      ...start('PUT', accepted({ 'operation-location': '/op' })),
      'GET /op': says('Succeeded'),
      'GET /films/42': is('Failed'),
    },
    is('Failed').body as object,
    'fails',
  ],
  [
    '200 with a `Location`',
    'POST /films/42',
    {
      ...start('POST', { body: film, headers: { location: '/result' } }),
      'GET /result': { body: { pages: 12 } },
    },
    { pages: 12 },
    film,
  ],
  [
    'a start call that is answered 200 with nothing but the word `Running`',
    'POST /films/42',
    start('POST', says('Running')),
    { status: 'Running' },
    'fails',
  ],
  [
    '202 that names no monitor',
    'POST /films/42',
    start('POST', { status: 202 }),
    undefined,
    'fails',
  ],
  ['`Content-Location`', 'POST /films/42', jobs, undefined, { pages: 12 }],
  [
    '201 with a `Location`',
    'PUT /films/42',
    {
      ...start('PUT', { status: 201, body: film, headers: { location: '/films/42' } }),
      'GET /films/42': { body: { id: 'film-42', later: true } },
    },
    { id: 'film-42', later: true },
    film,
  ],
  [
    '503 or 429 from the monitor',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': [{ status: 503 }, { status: 429 }, { status: 500 }, { body: { pages: 12 } }],
    },
    'fails',
    { pages: 12 },
  ],
  [
    'a connection that breaks',
    'POST /films/42',
    {
      ...start('POST', accepted({ location: '/op' })),
      'GET /op': [{ isReset: true }, { status: 202 }, { isReset: true }, { body: { pages: 12 } }],
    },
    'fails',
    { pages: 12 },
  ],
  [
    '404 right after the start',
    'POST /films/42',
    {
      ...start('POST', accepted({ 'azure-asyncoperation': '/op' })),
      'GET /op': [{ status: 404 }, { status: 404 }, says('Succeeded')],
    },
    'fails',
    { status: 'Succeeded' },
  ],
  [
    '503 where the result is',
    'PUT /films/42',
    {
      ...start('PUT', accepted({ 'azure-asyncoperation': '/op' })),
      'GET /op': says('Succeeded'),
      'GET /films/42': [{ status: 503 }, { body: film }],
    },
    'fails',
    film,
  ],
];

const guide = readFileSync(`${root}src/clients/status-monitor/README.md`, 'utf8');

function matches(ending: Ending, expected: object | 'fails' | undefined): void {
  if (expected === 'fails') expect(ending).toHaveProperty('failed');
  else expect(ending).toEqual({ response: expected });
}

describe('both come to the same end:', () => {
  test('in more than 60 cases', () => {
    expect(same.length).toBeGreaterThan(60);
  });

  test.each(same)('%s', async (_, call, routes) => {
    const { core, ours } = await compare(call, routes);
    if ('failed' in core) expect(ours).toHaveProperty('failed');
    else expect(ours).toEqual(core);
  });
});

describe('the guide says why they end otherwise:', () => {
  test.each(different)('%s', async (title, call, routes, core, ours) => {
    const found = await compare(call, routes);
    matches(found.core, core);
    matches(found.ours, ours);
    expect(guide).toContain(`\n| ${title} `);
  });
});

test('the table in the guide has these cases and no others', () => {
  const table = guide.slice(guide.indexOf('## Beside @azure/core-lro'));
  const rows = [...table.matchAll(/^\| (?!case |-)(\S.*?) +\|/gm)].map(([, title]) => title);
  expect(new Set(rows)).toEqual(new Set(different.map(([title]) => title)));
  expect(rows).toHaveLength(different.length);
});

describe('an abort', () => {
  const routes = {
    'POST /films/42': { status: 202, headers: { 'operation-location': '/op' } },
    'POST /op/cancel': { status: 202 },
    'GET /op': [says('Running'), says('Running'), says('Canceled')],
  };

  test('is a cancel here, where there is one', async () => {
    const { url, close } = await serve(routes);
    const asked: string[] = [];
    const client = statusMonitorClient({
      cancel: 'POST /cancel',
      fetch: (place, init) => {
        asked.push(`${init.method} ${new URL(place).pathname}`);
        return fetch(place, init);
      },
    });
    const operation = await client.operation(fetch(`${url}/films/42`, { method: 'POST' }));
    const signal = AbortSignal.abort();
    const failure = await failureOf(waitForDone(client, operation, { ...quick, signal }));
    expect(failure).toMatchObject({ kind: 'operation-failed', code: Code.CANCELLED });
    expect(asked).toEqual(['POST /op/cancel', 'GET /op', 'GET /op', 'GET /op']);
    await close();
  });

  test('tells the server nothing there', async () => {
    const { url, close } = await serve(routes);
    const failure = await failureOf(withCoreLro(url, 'POST /films/42', 1, AbortSignal.abort()));
    expect(failure).toMatchObject({ name: 'AbortError' });
    await close();
  });
});

test.each([
  ['without Retry-After', {}],
  ['with Retry-After', { 'retry-after': '1' }],
])('ours is not later, by the defaults of both, %s', async (title, headers) => {
  // The operation takes 1.5 s with either poller.
  const timed = async (wait: (url: string) => Promise<unknown>): Promise<number> => {
    let begun = 0;
    const { url, close } = await startHttpServer(async (request) => {
      if (request.method === 'DELETE') {
        begun = performance.now();
        return new Response(null, {
          status: 202,
          headers: { 'operation-location': '/op', ...headers },
        });
      }
      const isDone = performance.now() - begun >= 1_500;
      return Response.json({ status: isDone ? 'Succeeded' : 'Running' }, { headers });
    });
    await wait(url);
    await close();
    return performance.now() - begun;
  };
  const client = statusMonitorClient();
  const [ours, core] = await Promise.all([
    timed(async (url) => {
      const call = fetch(`${url}/films/42`, { method: 'DELETE' });
      return waitForDone(client, await client.operation(call, { method: 'DELETE' }));
    }),
    timed((url) => withCoreLro(url, 'DELETE /films/42', 2_000)),
  ]);
  console.log(`${title}: ${Math.round(ours)} ms, core-lro ${Math.round(core)} ms`);
  // They ask at the same times with Retry-After, on a machine that may be busy.
  expect(ours).toBeLessThan(core + 500);
});
