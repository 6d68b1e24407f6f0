import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BuiltCommand, type CommandProcess } from '../support/command.js';
import type { Handler } from '../support/http-server.js';

const command = new BuiltCommand();

beforeAll(() => command.build());

// Not after each: they run side by side, as they wait most of the time.
afterAll(() => command.remove());

interface Service {
  readonly url: string;
  readonly requests: Request[];
}

async function serve(handler: Handler): Promise<Service> {
  const requests: Request[] = [];
  const url = await command.serve((request, init) => {
    requests.push(request);
    return handler(request, init);
  });
  return { url, requests };
}

/** Serves answers to GET, one after another; the last one stays. */
function serveAnswers(...answers: (() => Response)[]): Promise<Service> {
  let asked = 0;
  return serve(async () => {
    asked += 1;
    return answers[Math.min(asked, answers.length) - 1]!();
  });
}

const accepted =
  (headers: Record<string, string> = {}) =>
  (): Response =>
    new Response(null, { status: 202, headers });
const json = (body: object, init?: ResponseInit) => (): Response => Response.json(body, init);

const manifest = { transactionTime: '2026-01-01T00:00:00Z', output: [{ url: 'https://a/1' }] };

/** Serves an export of FHIR, which goes on until a DELETE. */
async function serveExport(): Promise<Service> {
  let isDeleted = false;
  return serve(async ({ method }) => {
    if (method === 'DELETE') {
      isDeleted = true;
      return new Response(null, { status: 202 });
    }
    return isDeleted
      ? new Response(null, { status: 404 })
      : accepted({ 'x-progress': 'Exporting' })();
  });
}

function wait(url: string, ...args: string[]): CommandProcess {
  return command.start('wait', url, ...args);
}

describe.concurrent('wait --monitor', () => {
  it('waits for an export of FHIR, with its progress and its pace', async () => {
    const { url, requests } = await serveAnswers(
      accepted({ 'x-progress': 'Building files', 'retry-after': '1' }),
      accepted({ 'x-progress': '40% complete', 'retry-after': '0' }),
      json(manifest),
    );
    const begun = performance.now();
    const waiting = wait(`${url}/exports/1`, '--monitor', '--json', '--header', 'authorization:t0');
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toContain('running  Building files  ');
    expect(stderr).toContain('running  40 %  ');
    expect(stderr).not.toContain('transactionTime');
    expect(JSON.parse(stdout)).toEqual({ name: 'exports/1', done: true, response: manifest });
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ headers }) => headers.get('authorization')))).toEqual(
      new Set(['t0']),
    );
    expect(code).toBe(0);
  });

  it('fails with what an OperationOutcome says', async () => {
    const issue = [{ severity: 'error', code: 'processing', diagnostics: 'The disk is full.' }];
    const outcome = { resourceType: 'OperationOutcome', issue };
    const { url } = await serveAnswers(
      accepted({ 'retry-after': '0' }),
      json(outcome, { status: 500 }),
    );
    const { code, stdout } = await wait(`${url}/exports/1`, '--monitor').ended;
    expect(stdout).toMatch(/^exports\/1 {2}failed {2}\w+ \(\d+\): The disk is full\.\n/);
    expect(code).toBe(1);
  });

  it('waits for a monitor of Azure, and gets the result where its name says', async () => {
    const film = { id: 'films/42', minutes: 90 };
    let asked = 0;
    const { url } = await serve(async (request) => {
      if (new URL(request.url).pathname === '/films/42') return Response.json(film);
      asked += 1;
      return Response.json(
        asked === 1 ? { status: 'InProgress', percentComplete: 40 } : { status: 'Succeeded' },
        { headers: { 'retry-after': '0' } },
      );
    });
    const name = `${url}/operations/1?api-version=2#rx-lro=1&kind=status&result=%2Ffilms%2F42`;
    const { code, stdout, stderr } = await wait(name, '--json').ended;
    expect(stderr).toContain('running  40 %  ');
    expect(stderr).toContain(`Waiting for ${url}/operations/1; `);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'operations/1', done: true, response: film });
    expect(code).toBe(0);
  });

  it('fails with the code and the message of Azure', async () => {
    const error = { code: 'QuotaExceeded', message: 'No more films.' };
    const { url } = await serveAnswers(
      json({ status: 'InProgress', percentComplete: 40 }, { headers: { 'retry-after': '0' } }),
      json({ status: 'Failed', error }),
    );
    const { code, stdout } = await wait(`${url}/operations/1`, '--monitor').ended;
    expect(stdout).toMatch(/^operations\/1 {2}failed .*No more films\./);
    expect(stdout).toContain('QuotaExceeded');
    expect(code).toBe(1);
  });

  it('follows a 303 to the result', async () => {
    let isDone = false;
    const { url } = await serve(async (request) => {
      if (new URL(request.url).pathname === '/films/42') return Response.json({ minutes: 90 });
      const answer = isDone
        ? new Response(null, { status: 303, headers: { location: '/films/42' } })
        : accepted({ 'retry-after': '0' })();
      isDone = true;
      return answer;
    });
    const { code, stdout } = await wait(`${url}/jobs/1`, '--monitor').ended;
    expect(stdout).toBe('jobs/1  succeeded\n{\n  "minutes": 90\n}\n');
    expect(code).toBe(0);
  });

  it('gets a result at another origin by --origin alone, and sends it no headers', async () => {
    const store = await serveAnswers(json({ minutes: 90 }));
    const { url } = await serveAnswers(
      () => new Response(null, { status: 303, headers: { location: `${store.url}/1?sig=s` } }),
    );
    const args = [`${url}/jobs/1`, '--monitor', '--header', 'authorization: s3cret'];
    const refused = await wait(args[0]!, ...args.slice(1)).ended;
    expect(refused.stderr).toContain(`${store.url} is a different origin from ${url}`);
    expect(refused.stderr).toContain('--origin allows it');
    expect(refused.code).toBe(2);
    expect(store.requests).toEqual([]);
    const { code, stdout } = await wait(args[0]!, ...args.slice(1), '--origin', store.url).ended;
    expect(stdout).toContain('"minutes": 90');
    expect(store.requests.map(({ headers }) => headers.get('authorization'))).toEqual([null]);
    expect(code).toBe(0);
  });

  it('ends with 2 where nothing is there', async () => {
    const { url } = await serveAnswers(() => new Response(null, { status: 404 }));
    const { code, stderr } = await wait(`${url}/jobs/1?sig=s3cret`, '--monitor').ended;
    expect(stderr).toContain(`${url}/jobs/1 failed: NOT_FOUND (5)`);
    expect(stderr).not.toContain('s3cret');
    expect(code).toBe(2);
  });
});

describe.concurrent('Ctrl-C during a wait for a status monitor', () => {
  it.each([
    ['by --cancel-by', '', ['--monitor', '--cancel-by', 'DELETE']],
    ['as its name says', '#rx-lro=1&kind=http&delete=1', []],
  ])('cancels by DELETE %s, and ends with 130', async (_, fragment, args) => {
    const { url, requests } = await serveExport();
    const waiting = wait(`${url}/exports/1${fragment}`, '--json', ...args);
    await waiting.until('running  Exporting');
    waiting.signal('SIGINT');
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toContain(`Waiting for ${url}/exports/1; Ctrl-C cancels it.\n`);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'exports/1', done: true, error: { code: 1 } });
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(new Set(requests.map((request) => request.url))).toEqual(new Set([`${url}/exports/1`]));
    expect(code).toBe(130);
  });

  it('ends with what the server says, which may be success', async () => {
    let isDone = false;
    const { url, requests } = await serve(async ({ method }) => {
      if (method === 'POST') isDone = true;
      return isDone ? Response.json(manifest) : accepted({ 'x-progress': 'Exporting' })();
    });
    const waiting = wait(`${url}/jobs/1`, '--monitor', '--cancel-by', 'POST /cancel');
    await waiting.until('running  Exporting');
    waiting.signal('SIGINT');
    const { code, stdout } = await waiting.ended;
    expect(stdout).toContain('jobs/1  succeeded\n');
    expect(requests.map((request) => request.url)).toContain(`${url}/jobs/1/cancel`);
    expect(code).toBe(0);
  });

  it('leaves it running at once where no way to cancel is known, and says so before', async () => {
    const { url, requests } = await serveExport();
    const waiting = wait(`${url}/exports/1`, '--monitor');
    await waiting.until('running  Exporting');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toContain('Ctrl-C leaves it running (--cancel-by says how to cancel it).\n');
    expect(stderr).toContain('Left running. The same command waits for it again.\n');
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(code).toBe(2);
  });

  it('leaves it running with --detach', async () => {
    const { url, requests } = await serveExport();
    const waiting = wait(`${url}/exports/1#rx-lro=1&kind=http&delete=1`, '--detach');
    await waiting.until('running  Exporting');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toContain('Ctrl-C leaves it running.\n');
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(code).toBe(2);
  });

  it('tells of --cancel-by where the name says DELETE and the monitor may be a resource', async () => {
    const { url, requests } = await serveAnswers(json({ status: 'running' }));
    const waiting = wait(`${url}/jobs/1#rx-lro=1&kind=document&delete=1`);
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toMatch(/rx-lro: .*How to cancel is not known\. Set --cancel-by/);
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(code).toBe(2);
  });
});

describe.concurrent('the single calls to a status monitor', () => {
  it('get shows how it is now', async () => {
    const running = await serveAnswers(accepted({ 'x-progress': 'Exporting' }));
    const done = await serveAnswers(json(manifest));
    const [text, lines] = await Promise.all([
      command.start('get', `${running.url}/exports/1`, '--monitor').ended,
      command.start('get', `${done.url}/exports/1#rx-lro=1&kind=http`, '--json').ended,
    ]);
    expect(text).toEqual({ code: 0, stdout: 'exports/1  running  Exporting\n', stderr: '' });
    expect(JSON.parse(lines.stdout)).toEqual({ name: 'exports/1', done: true, response: manifest });
    expect(lines.code).toBe(0);
  });

  it('cancel sends what --cancel-by or the name says', async () => {
    const [first, second] = [await serveExport(), await serveExport()];
    const ends = await Promise.all([
      command.start('cancel', `${first.url}/exports/1`, '--monitor', '--cancel-by', 'DELETE').ended,
      command.start('cancel', `${second.url}/exports/1#rx-lro=1&kind=http&delete=1`).ended,
    ]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(ends[0]?.stderr).toBe(
      `The server accepted the cancel of ${first.url}/exports/1, or it was over before.\n`,
    );
    for (const { requests } of [first, second]) {
      expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    }
  });
});

describe.concurrent('a status monitor without --monitor', () => {
  const job = ['--job', '--done-when', '/output'];

  it.each([
    ['an empty 202', [], accepted({ 'retry-after': '2' }), 'HTTP 202 without JSON'],
    ['an empty 202 of a job', job, accepted(), 'HTTP 202 without JSON'],
    [
      'an empty 202 that is said to be JSON',
      [],
      accepted({ 'content-type': 'application/fhir+json' }),
      'HTTP 202 without JSON',
    ],
    [
      'a 202 with a text and a Location',
      [],
      () => new Response('Wait.', { status: 202, headers: { location: '/jobs/1' } }),
      'HTTP 202 without JSON',
    ],
    [
      'a 303',
      [],
      () => new Response(null, { status: 303, headers: { location: '/films/1' } }),
      'HTTP 303',
    ],
  ])('is refused at once where it answers with %s', async (_, args, answer, sign) => {
    const { url, requests } = await serveAnswers(answer);
    const place = `${url}/exports/1`;
    const ends = await Promise.all([
      wait(`${place}?a=s3cret`, ...args).ended,
      wait('exports/1', '--base-url', `${url}/v1`, ...args).ended,
      command.start('get', place, ...args).ended,
    ]);
    const line = `rx-lro: ${place} answers as a status monitor does (${sign}): give --monitor with this URL.\n`;
    for (const { code, stderr, stdout } of ends) {
      expect(stderr.replace(/^Waiting for .*\n/, '').replace('/v1/', '/')).toBe(line);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
    expect(requests).toHaveLength(3);
  });

  it.each([
    [{ status: 'InProgress', percentComplete: 40 }, 'it has `status`, but no `done`'],
    [manifest, 'it has no `name`, `done` or `metadata`'],
  ])('is refused at once where it answers with %j', async (answer, flaw) => {
    const { url, requests } = await serveAnswers(
      json(answer, { headers: { 'retry-after': '1', location: '/jobs/1' } }),
    );
    const ends = await Promise.all([
      wait(`${url}/v1/jobs/1`).ended,
      wait('jobs/1', '--base-url', url).ended,
    ]);
    for (const { code, stderr } of ends) {
      expect(stderr).toContain(
        `${flaw}. It looks like that of a status monitor (try --monitor) or of a job (try --job with --done-when). It begins: ${JSON.stringify(answer)}\n`,
      );
      expect(code).toBe(2);
    }
    expect(requests).toHaveLength(2);
  });

  it('is a job with --job where it answers 202 with one', async () => {
    const { url } = await serveAnswers(
      json({ state: 'running' }, { status: 202, headers: { location: '/jobs/1' } }),
      json({ state: 'ok' }),
    );
    const rules = ['--job', '--done-when', '/state=ok'];
    expect((await wait(`${url}/jobs/1`, ...rules).ended).code).toBe(0);
  });

  it('is an operation where it answers 202 with one', async () => {
    const { url } = await serveAnswers(
      json({ name: 'operations/a', done: false, metadata: 1 }, { status: 202 }),
      json({ name: 'operations/a', done: true, response: { a: 1 } }),
    );
    expect((await wait(`${url}/v1/operations/a`).ended).code).toBe(0);
  });
});
