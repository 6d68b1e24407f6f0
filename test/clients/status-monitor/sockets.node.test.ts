import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { CallFailedError, Code, ProtocolError, isTransient, poll, waitForDone } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorClient } from 'rx-lro/status-monitor';
import { afterAll, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import {
  UnkindServer,
  cutInHalf,
  hang,
  json,
  reset,
  text,
  type Answer,
} from '../../integration/unkind-server.js';
import { quick } from './world.js';

const servers: UnkindServer[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
});

const kind = 'rx-lro=1&kind=status&result=/film';
const running = json({ status: 'Running' });
const succeeded = json({ status: 'Succeeded' });
const film = json({ id: 'film-42' });

async function serve(answers: Readonly<Record<string, readonly Answer[]>>): Promise<{
  readonly server: UnkindServer;
  readonly client: StatusMonitorClient;
  readonly url: string;
  readonly name: string;
}> {
  const server = new UnkindServer((asked, count) => {
    const list = answers[asked] ?? [text(404, '')];
    return list[Math.min(count, list.length) - 1]!;
  });
  servers.push(server);
  const url = await server.start();
  return { server, url, client: statusMonitorClient(), name: `${url}/monitor#${kind}` };
}

const monitor = 'GET /monitor';
const result = 'GET /film';

test('a start call of the platform, its monitor and its result', async () => {
  const { url, client } = await serve({
    'PUT /film': [text(202, '', { 'operation-location': '/monitor', 'retry-after': '0' })],
    [monitor]: [running, running, succeeded],
    [result]: [film],
  });
  const operation = await client.operation(fetch(`${url}/film`, { method: 'PUT', body: '{}' }));
  expect(await waitForDone(client, operation, quick)).toEqual({ id: 'film-42' });
});

test('a start call whose body breaks off is a failed call', async () => {
  const { url, client } = await serve({ 'PUT /film': [cutInHalf] });
  expect(await failureOf(client.operation(fetch(`${url}/film`, { method: 'PUT' })))).toMatchObject({
    kind: 'call-failed',
    method: 'start',
    code: Code.UNAVAILABLE,
    url: `${url}/film`,
  });
});

describe('what passes is survived:', () => {
  const html = '<html><head><title>502 Bad Gateway</title></head></html>';
  const failures: readonly (readonly [string, Answer])[] = [
    ['503', text(503, '{}')],
    ['502 of a gateway', text(502, html, { 'content-type': 'text/html' })],
    ['429', text(429, '', { 'retry-after': '0' })],
    ['a reset', reset],
    ['a body that is cut', cutInHalf],
    ['a 502 without a body', text(502, '')],
    ['JSON that breaks off', text(200, '{"status":"Succ', { 'content-type': 'text/plain' })],
  ];

  test.each(failures)('%s of the monitor', async (_, answer) => {
    const { client, name } = await serve({
      [monitor]: [answer, running, answer, succeeded],
      [result]: [film],
    });
    expect(await waitForDone(client, name, quick)).toEqual({ id: 'film-42' });
  });

  test.each(failures)('%s of the result', async (_, answer) => {
    const { server, client, name } = await serve({
      [monitor]: [succeeded],
      [result]: [answer, answer, film],
    });
    expect(await waitForDone(client, name, quick)).toEqual({ id: 'film-42' });
    expect(server.times(monitor)).toBe(3);
  });

  test('a result that is not there yet (202) is a failed call, not an operation that runs', async () => {
    const { client, name } = await serve({
      [monitor]: [succeeded],
      [result]: [text(202, ''), film],
    });
    const failure = await failureOf(client.get({ name }));
    expect(failure).toBeInstanceOf(CallFailedError);
    expect(isTransient(failure as CallFailedError)).toBe(true);
    expect(await waitForDone(client, name, quick)).toEqual({ id: 'film-42' });
  });
});

test('a monitor that has to say how it is and answers with nothing is asked again', async () => {
  const { client, name } = await serve({ [monitor]: [text(200, ''), succeeded], [result]: [film] });
  expect(await waitForDone(client, name, quick)).toEqual({ id: 'film-42' });
});

describe('what makes no sense is an error:', () => {
  test.each([
    ['HTML', text(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' })],
    ['HTML that says it is text', text(200, '<html>Log in', { 'content-type': 'text/plain' })],
    ['text', text(200, 'OK', { 'content-type': 'text/plain' })],
    ['a list', json([])],
    ['a number', json(1)],
  ])('%s of a monitor that has to say how it is', async (_, answer) => {
    const { client, name } = await serve({ [monitor]: [answer] });
    expect(await failureOf(client.get({ name }))).toBeInstanceOf(ProtocolError);
  });

  test.each([
    ['HTML', text(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' })],
    ['bytes', text(200, '\u0000PK', { 'content-type': 'application/octet-stream' })],
  ])('%s as a result', async (_, answer) => {
    const { client, name } = await serve({ [monitor]: [succeeded], [result]: [answer] });
    expect(await failureOf(client.get({ name }))).toBeInstanceOf(ProtocolError);
  });

  test('headers that are larger than the platform takes, and this is final', async () => {
    const { client, name } = await serve({
      [monitor]: [text(202, '', { location: `/${'x'.repeat(40_000)}` })],
    });
    const failure = await failureOf(client.get({ name }));
    expect(failure).toMatchObject({ code: Code.FAILED_PRECONDITION });
  });

  test('a body that never ends, of the monitor or the result, and the connection is left', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, '{"a":1} ');
    const endless: Answer = (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(mebibyte));
        response.once('drain', more);
      };
      more();
    };
    for (const answers of [
      { [monitor]: [endless] },
      { [monitor]: [succeeded], [result]: [endless] },
    ]) {
      const { server, client, name } = await serve(answers);
      expect(await failureOf(client.get({ name }))).toBeInstanceOf(ProtocolError);
      await server.until(() => server.left.length === 1);
    }
  });

  test('redirects in a circle', async () => {
    const { server, client, name } = await serve({
      [monitor]: [text(302, '', { location: '/other' })],
      'GET /other': [text(307, '', { location: '/monitor' })],
    });
    expect(await failureOf(client.get({ name }))).toMatchObject({ code: Code.FAILED_PRECONDITION });
    expect(server.asked).toHaveLength(6);
  });
});

test.each([
  ['text', 'text/plain', 'It is done.'],
  ['CSV', 'text/csv; charset=utf-8', 'a,b\n1,2\n'],
  ['XML', 'application/fhir+xml', '<Bundle/>'],
  ['lines of JSON', 'application/fhir+ndjson', '{"a":1}\n{"a":2}\n'],
])('a result may be %s', async (_, type, body) => {
  const { client, name } = await serve({
    [monitor]: [succeeded],
    [result]: [text(200, body, { 'content-type': type })],
  });
  expect(await client.get({ name })).toMatchObject({ done: true, response: body });
});

test('JSON is read whatever its content type', async () => {
  for (const type of ['text/html', 'application/octet-stream', 'application/vnd.api+json']) {
    const { client, name } = await serve({
      [monitor]: [text(200, '\ufeff{"status":"Succeeded"}', { 'content-type': type })],
      [result]: [text(200, '{"id":1}', { 'content-type': type })],
    });
    expect(await client.get({ name })).toMatchObject({ response: { id: 1 } });
  }
});

describe('an abort ends a call at once, and leaves nothing', () => {
  test.each([
    ['at the monitor', { [monitor]: [hang] }, monitor],
    ['at the result', { [monitor]: [succeeded], [result]: [hang] }, result],
    [
      'at a redirect',
      { [monitor]: [text(302, '', { location: '/film' })], [result]: [hang] },
      result,
    ],
  ])('%s', async (_, answers, last) => {
    const { server, client, name } = await serve(answers);
    const controller = new AbortController();
    const call = failureOf(client.get({ name }, { signal: controller.signal }));
    await server.until(() => server.times(last) === 1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await call).toBe(reason);
    await server.until(() => server.left.includes(last));
  });

  test('between the two requests', async () => {
    const { server, url, name } = await serve({ [monitor]: [succeeded], [result]: [film] });
    const controller = new AbortController();
    const client = statusMonitorClient({
      baseUrl: url,
      headers: async () => {
        if (server.asked.length === 1) controller.abort();
        return {};
      },
    });
    await expect(client.get({ name }, { signal: controller.signal })).rejects.toThrow(/aborted/);
    expect(server.asked).toEqual([monitor]);
  });

  test('of a subscription', async () => {
    const { server, client, name } = await serve({ [monitor]: [succeeded], [result]: [hang] });
    const subscription = poll(client, name).subscribe();
    await server.until(() => server.times(result) === 1);
    subscription.unsubscribe();
    await server.until(() => server.left.includes(result));
    expect(server.asked).toHaveLength(2);
  });

  test('`callTimeout` bounds both requests together', async () => {
    const { server, client, name } = await serve({
      [monitor]: [succeeded],
      [result]: [hang, film],
    });
    const wait = waitForDone(client, name, { ...quick, callTimeout: 300 });
    expect(await wait).toEqual({ id: 'film-42' });
    expect(server.asked).toEqual([monitor, result, monitor, result]);
    expect(server.left).toEqual([result]);
  });
});

test('another process goes on by the name alone', async () => {
  const { url, client } = await serve({
    'PUT /film': [text(202, '', { 'operation-location': '/monitor' })],
    [monitor]: [running, running, succeeded],
    [result]: [film],
  });
  const { name } = await client.operation(fetch(`${url}/film`, { method: 'PUT' }), {
    method: 'PUT',
  });
  expect(await client.get({ name })).toMatchObject({ done: false });
  const script = fileURLToPath(new URL('resume-program.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, name],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      timeout: 50_000,
    },
  );
  expect(JSON.parse(stdout)).toEqual({ id: 'film-42' });
});

test('credentials do not follow a redirect to another server', async () => {
  const seen: (string | undefined)[] = [];
  const answer = ({ headers }: IncomingMessage, response: ServerResponse): void => {
    seen.push(headers.authorization);
    response.end('{}');
  };
  const other = createServer(answer).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { url, name } = await serve({
    [monitor]: [text(303, '', { location: `${elsewhere}/film` })],
  });
  const options = { baseUrl: url, headers: { authorization: 'Bearer secret' } };
  const failure = await failureOf(statusMonitorClient(options).get({ name }));
  expect(failure).toMatchObject({ code: Code.FAILED_PRECONDITION });
  expect(seen).toEqual([]);
  await statusMonitorClient({ ...options, origins: [elsewhere] }).get({ name });
  expect(seen).toEqual([undefined]);
  other.close();
});

test('an abort of a wait is a cancel where there is one, and the service says how it ended', async () => {
  const gone = text(404, '');
  let isDeleted = false;
  const server = new UnkindServer((asked) => {
    if (asked.startsWith('DELETE')) {
      isDeleted = true;
      return text(202, '');
    }
    if (asked.startsWith('GET /$export')) return text(202, '', { 'content-location': '/jobs/1' });
    return isDeleted ? gone : text(202, '', { 'x-progress': '10%' });
  });
  servers.push(server);
  const url = await server.start();
  const client = statusMonitorClient();
  const operation = await client.operation(fetch(`${url}/$export`));
  const controller = new AbortController();
  const wait = failureOf(waitForDone(client, operation, { ...quick, signal: controller.signal }));
  await server.until(() => server.times('GET /jobs/1') > 1);
  controller.abort();
  expect(await wait).toMatchObject({ kind: 'operation-failed', code: Code.CANCELLED });
  expect(server.times('DELETE /jobs/1')).toBe(1);
});
