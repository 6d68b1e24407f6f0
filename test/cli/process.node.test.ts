import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

import { FakeOperations, type FakeOperationsOptions } from 'rx-lro/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BuiltCommand, type CommandProcess } from '../support/command.js';
import { freePort } from '../support/free-port.js';

const command = new BuiltCommand();

beforeAll(() => command.build());

// Not after each: they run side by side, as they wait most of the time.
afterAll(() => command.remove());

interface Service {
  readonly fake: FakeOperations;
  readonly url: string;
  readonly requests: Request[];
  /** Starts `rx-lro COMMAND ARGS --base-url URL`. */
  readonly run: (...args: string[]) => CommandProcess;
  readonly cancels: () => number;
}

/** Serves an operation: what it is at its first GET, its second, and so on; the last one stays. */
async function serveSnapshots(...snapshots: object[]): Promise<string> {
  let asked = 0;
  return command.serve(async ({ method }) => {
    if (method !== 'GET') return Response.json({});
    asked += 1;
    return Response.json(snapshots[Math.min(asked, snapshots.length) - 1]);
  });
}

async function startService(options: FakeOperationsOptions = {}): Promise<Service> {
  const fake = new FakeOperations(options);
  const requests: Request[] = [];
  const url = await command.serve((request) => {
    requests.push(request);
    return fake.fetch(request);
  });
  return {
    fake,
    url,
    requests,
    run: (...args) => command.start(...args, '--base-url', url),
    cancels: () => fake.calls.filter(({ method }) => method === 'cancel').length,
  };
}

const name = 'operations/a';

describe.concurrent('wait', () => {
  it('ends with 0 when the operation succeeded, with the response on stdout', async () => {
    const { fake, run, url, requests } = await startService();
    fake.start({ name, duration: 300, progress: true, response: { pages: 12 } });
    const headers = ['--header', 'authorization: Bearer t:1', '--header', 'x-goog-user-project:p'];
    const { code, stdout, stderr } = await run('wait', name, ...headers).ended;
    expect(stdout).toBe(`${name}  succeeded\n{\n  "pages": 12\n}\n`);
    expect(stderr).toContain(`Waiting for ${name} at ${url}; Ctrl-C cancels it.\n`);
    expect(code).toBe(0);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer t:1');
    expect(requests[0]?.headers.get('x-goog-user-project')).toBe('p');
  });

  it('shows progress in plain lines on stderr where that is not a terminal', async () => {
    const url = await serveSnapshots(
      { name, metadata: { progressPercent: 0 } },
      { name, metadata: { progressPercent: 50 } },
      { name, done: true, response: {} },
    );
    const { stderr } = await command.start('wait', `${url}/v1/${name}`).ended;
    const [, ...lines] = stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/\d\.\d s$/, 'T'))).toEqual([
      'running  0 %  T',
      'running  50 %  T',
      'succeeded  100 %  T',
    ]);
    expect(stderr).not.toMatch(/[█░]|(?!\n)\p{Cc}/u);
  });

  it('with --json has the final operation on stdout, and nothing else', async () => {
    const { fake, run } = await startService();
    fake.fail({ method: 'get' });
    fake.start({ name, duration: 300, progress: true, response: { text: 'a\nb\u009B1A' } });
    const { code, stdout, stderr } = await run('wait', name, '--json').ended;
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stdout).not.toMatch(/[\u007F-\u009F]/u);
    expect(JSON.parse(stdout)).toEqual({
      name,
      done: true,
      metadata: { progressPercent: 100 },
      response: { text: 'a\nb\u009B1A' },
    });
    expect(stderr).toMatch(
      /UNAVAILABLE \(HTTP 503\): .* The get call is made again in [\d.]+ s\.\n/,
    );
    expect(stderr).toContain(`${name}  succeeded\n`);
    expect(stderr).not.toContain('"text"');
    expect(code).toBe(0);
  });

  it('takes a whole URL of an operation, which is called as it is', async () => {
    const { fake, requests, url, cancels } = await startService();
    fake.start({ name: 'projects/p/operations/1' });
    const place = `${url}/v3/projects/p/operations/1`;
    const run = command.start('wait', `${place}?key=s3cret`);
    await run.until('running  ');
    run.signal('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(stderr).toContain(`Waiting for ${place}; Ctrl-C cancels it.\n`);
    expect(stdout).toContain('projects/p/operations/1  cancelled  CANCELLED (1)');
    expect(requests.map((request) => request.url)).toContain(`${place}:cancel?key=s3cret`);
    expect(requests[0]?.url).toBe(`${place}?key=s3cret`);
    expect(stderr + stdout).not.toContain('s3cret');
    expect(cancels()).toBe(1);
    expect(code).toBe(130);
  });

  it.each([[[]], [['--json']]])(
    'ends with 1 when the operation failed, and shows every detail: %j',
    async (flags) => {
      const { fake, run } = await startService();
      const details = [{ '@type': 'example.com/a', a: 1 }, { '@type': 'example.com/b' }];
      const error = { code: 9, message: 'It is sealed.', details };
      fake.start({ name, error });
      const { code, stdout, stderr } = await run('wait', name, ...flags).ended;
      const lines = [
        `${name}  failed  FAILED_PRECONDITION (9): It is sealed.`,
        ...details.map((detail) => `  ${JSON.stringify(detail)}`),
      ].join('\n');
      if (flags.length === 0) expect(stdout).toBe(`${lines}\n`);
      else expect(JSON.parse(stdout)).toEqual({ name, done: true, error });
      if (flags.length > 0) expect(stderr).toContain(`${lines.split('\n')[0]}\n`);
      expect(stderr).not.toContain('example.com/a');
      expect(code).toBe(1);
    },
  );

  it('ends with 1 when somebody else cancelled the operation', async () => {
    const { fake, run } = await startService();
    fake.start({ name });
    const waiting = run('wait', name);
    await waiting.until('running  ');
    await fake.client.cancel({ name });
    const { code, stdout } = await waiting.ended;
    expect(stdout).toContain(`${name}  cancelled  CANCELLED (1)`);
    expect(code).toBe(1);
  });

  it('ends with 2 when there is no such operation, and shows the URL', async () => {
    const { run, url } = await startService();
    const { code, stdout, stderr } = await run('wait', name).ended;
    expect(stderr).toContain(
      `rx-lro: Operation ${name}: the get call to ${url}/v1/${name} failed: NOT_FOUND (5)`,
    );
    expect(stderr).not.toContain('The same command');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('ends with 2 when it may not ask, and never shows the credentials', async () => {
    const url = await command.serve(async (request) => {
      const message = `Invalid: ${request.headers.get('authorization')}`;
      return Response.json({ error: { code: 401, message } }, { status: 401 });
    });
    const header = 'authorization: Bearer s3cret-token';
    const waiting = command.start('wait', `${url}/v1/${name}`, '--header', header);
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toContain(`the get call to ${url}/v1/${name} failed: UNAUTHENTICATED (16)`);
    expect(stderr).toContain('Invalid: …');
    expect(stderr + stdout).not.toContain('s3cret');
    expect(code).toBe(2);
  });

  it('ends with 2 when the time was up, and leaves the operation running', async () => {
    const { fake, run, url, cancels } = await startService();
    fake.start({ name });
    const { code, stderr } = await run('wait', name, '--timeout', '0.2s').ended;
    expect(stderr).toContain(`rx-lro: Operation ${name} was not done after 200 ms.`);
    expect(stderr).toContain(`(${name} at ${url}) The same command waits for it again.\n`);
    expect(cancels()).toBe(0);
    expect(code).toBe(2);
  });

  it('tries again while the host cannot be reached, and says why', async () => {
    const waiting = command.start('wait', name, '--base-url', await closedPort(), '--detach');
    await waiting.until('The get call is made again in');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toMatch(/^UNAVAILABLE: .*ECONNREFUSED.* The get call is made again in/m);
    expect(code).toBe(2);
  });
});

describe.concurrent('Ctrl-C during a wait', () => {
  /** Waits for an operation that ends in its own way once it is to be cancelled, and presses Ctrl-C. */
  async function startUncancellable(outcome: object): Promise<CommandProcess> {
    let isCancelled = false;
    const url = await command.serve(async ({ method }) => {
      isCancelled ||= method === 'POST';
      return Response.json({
        name,
        ...(isCancelled ? { done: true, ...outcome } : { metadata: 1 }),
      });
    });
    const waiting = command.start('wait', name, '--base-url', url);
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    return waiting;
  }

  it('cancels the operation and ends with 130 when the server says so', async () => {
    const { fake, run, cancels } = await startService();
    fake.start({ name, cancelAfter: 300 });
    const waiting = run('wait', name, '--json');
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    // Under npx the same keystroke comes twice.
    waiting.signal('SIGINT');
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toMatch(/asked to cancel the operation[^]*waiting for the end of the operation/);
    expect(JSON.parse(stdout)).toMatchObject({ name, done: true, error: { code: 1 } });
    expect(cancels()).toBe(1);
    expect(code).toBe(130);
  });

  it('ends with 0 when the operation succeeded all the same', async () => {
    const waiting = await startUncancellable({ response: 'made' });
    const { code, stdout } = await waiting.ended;
    expect(stdout).toBe(`${name}  succeeded\n"made"\n`);
    expect(code).toBe(0);
  });

  it('ends with 1 when the operation failed all the same', async () => {
    const waiting = await startUncancellable({ error: { code: 9 } });
    expect((await waiting.ended).code).toBe(1);
  });

  it('ends with 2 when the cancel is not confirmed', async () => {
    const { fake, run } = await startService();
    fake.start({ name, onCancel: 'refuse' });
    const waiting = run('wait', name);
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toMatch(/rx-lro: .*UNIMPLEMENTED.*It may still run.*The same command waits/);
    expect(code).toBe(2);
  });

  it('ends the command at once the second time', async () => {
    const { fake, run } = await startService();
    fake.start({ name, onCancel: 'ignore' });
    const waiting = run('wait', name);
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    await waiting.until('waiting for the end of the operation');
    // The first ones may still count as the same keystroke.
    const impatience = setInterval(() => waiting.signal('SIGINT'), 20);
    const { code, stderr } = await waiting.ended;
    clearInterval(impatience);
    expect(stderr).toContain('Ended; the operation may still run. The same command waits');
    expect(code).toBe(130);
  });

  it('leaves the operation running with --detach, and ends with 2', async () => {
    const { fake, run, cancels } = await startService();
    fake.start({ name });
    const waiting = run('wait', name, '--detach');
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toContain('Ctrl-C leaves it running.');
    expect(stderr).toContain('Left running. The same command waits for it again.\n');
    expect(stdout).toBe('');
    expect(cancels()).toBe(0);
    expect(code).toBe(2);
  });

  it('is 143 in place of 130 for SIGTERM', async () => {
    const { fake, run, cancels } = await startService();
    fake.start({ name });
    const waiting = run('wait', name);
    await waiting.until('running  ');
    waiting.signal('SIGTERM');
    expect((await waiting.ended).code).toBe(143);
    expect(cancels()).toBe(1);
  });
});

describe.concurrent('a job of any API', () => {
  const rules = ['--job', '--done-when', '/state=succeeded', '--failed-when', '/state=failed'];

  it('succeeds by --done-when, with progress by --progress', async () => {
    const done = { state: 'succeeded', artifact: 'a.zip' };
    const url = await serveSnapshots({ state: 'running', pct: 40 }, done);
    const place = `${url}/builds/47%2F11`;
    const waiting = command.start('wait', place, '--json', ...rules, '--progress', '/pct');
    const { code, stdout, stderr } = await waiting.ended;
    expect(stderr).toContain('running  40 %');
    expect(JSON.parse(stdout)).toMatchObject({ done: true, response: done });
    expect(code).toBe(0);
  });

  it('fails by --failed-when, with the job among the details', async () => {
    const failed = { state: 'failed', reason: 'no disk' };
    const url = await serveSnapshots({ state: 'running' }, failed);
    const waiting = command.start('wait', `${url}/builds/47%2F11`, ...rules);
    const { code, stdout } = await waiting.ended;
    expect(stdout).toMatch(/ {2}failed {2}UNKNOWN \(2\): The answer has \/state=failed\.\n/);
    expect(stdout).toContain('"no disk"');
    expect(code).toBe(1);
  });

  it('has a note when nothing is where the rules point', async () => {
    const url = await serveSnapshots({ status: 'running' }, { state: 'succeeded' });
    const { code, stderr } = await command.start('wait', `${url}/builds/7`, ...rules).ended;
    expect(stderr.match(/^The answer has nothing at \/state\.$/gm)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('has one note where the progress is a text, and no field that the server has not sent', async () => {
    const answers = [
      { state: 'running', pct: '1 of 3' },
      { state: 'running', pct: '2 of 3' },
      { state: 'succeeded' },
    ];
    const url = await command.serve(async () =>
      Response.json(answers.length > 1 ? answers.shift() : answers[0], {
        headers: { 'retry-after': '0' },
      }),
    );
    const args = ['--json', ...rules, '--progress', '/pct'];
    const { code, stdout, stderr } = await command.start('wait', `${url}/builds/7`, ...args).ended;
    expect(stderr.match(/^What --progress points at is not a number/gm)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      name: 'builds/7',
      done: true,
      response: { state: 'succeeded' },
    });
    expect(code).toBe(0);
  });

  it('is left running by Ctrl-C, as its API has no common way to cancel', async () => {
    const url = await serveSnapshots({ state: 'running' });
    const waiting = command.start('wait', `${url}/builds/47%2F11`, ...rules);
    await waiting.until('running  ');
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(stderr).toContain('Ctrl-C leaves it running.');
    expect(code).toBe(2);
  });
});

describe.concurrent('the single calls', () => {
  it('get shows how an operation is now, and ends with 0 whatever that is', async () => {
    const { fake, run } = await startService();
    fake.start({ name, metadata: { progressPercent: 40 } });
    fake.start({ name: 'operations/b', error: { code: 9, message: 'It is sealed.' } });
    const [running, failed] = await Promise.all([
      run('get', name).ended,
      run('get', 'operations/b', '--json').ended,
    ]);
    expect(running).toEqual({ code: 0, stdout: `${name}  running  40 %\n`, stderr: '' });
    expect(JSON.parse(failed.stdout)).toMatchObject({ done: true, error: { code: 9 } });
    expect(failed.code).toBe(0);
  });

  it('get ends with 2 when the host cannot be reached, after some tries', async () => {
    const url = await closedPort();
    const { code, stderr } = await command.start('get', name, '--base-url', url).ended;
    const failed = `rx-lro: Operation ${name}: the get call to ${url}/v1/${name} failed, tried 5 times:`;
    expect(stderr).toContain(failed);
    expect(stderr.split(failed)[1]).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('The same command waits');
    expect(code).toBe(2);
  });

  it('cancel and delete end with 0 when the server accepted them, and with 2 when not', async () => {
    const { fake, run, url } = await startService();
    fake.start({ name });
    const cancelled = await run('cancel', name).ended;
    const deleted = await run('delete', name).ended;
    const missing = await run('delete', name).ended;
    expect(cancelled).toEqual({
      code: 0,
      stdout: '',
      stderr: `The server accepted the cancel of ${name} at ${url}; \`wait\` shows how it ends.\n`,
    });
    expect(deleted).toMatchObject({ code: 0, stderr: `The server deleted ${name} at ${url}.\n` });
    expect(missing.stderr).toMatch(/^rx-lro: .*the delete call to .* failed: NOT_FOUND/);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
  });

  it('list shows what the filter takes, over all pages', async () => {
    const { fake, run, requests } = await startService();
    fake.start({ name: 'operations/1', metadata: { kind: 'a' } });
    for (const each of ['2', '3', '4']) {
      fake.start({ name: `operations/${each}`, metadata: { kind: 'b' }, response: each });
    }
    const args = ['--filter', 'metadata.kind=b', '--page-size', '2'];
    const [lines, json] = await Promise.all([
      run('list', 'operations', ...args).ended,
      run('list', '--json', ...args).ended,
    ]);
    const expected = ['2', '3', '4'].map((each) => `operations/${each}  succeeded\n`);
    expect(lines).toEqual({ code: 0, stdout: expected.join(''), stderr: '' });
    const listed = json.stdout.trimEnd().split('\n');
    expect(listed.map((line) => (JSON.parse(line) as { response: string }).response)).toEqual([
      '2',
      '3',
      '4',
    ]);
    expect(requests).toHaveLength(4);
  });
});

describe.concurrent('a closed pipe', () => {
  const shell = async (line: string): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)('/bin/bash', ['-c', `set -o pipefail; ${line}`]);
  const node = `'${process.execPath}' '${command.file}'`;

  it('ends a list quietly, with 0', async () => {
    const { fake, url, requests } = await startService({ latency: 20 });
    for (let each = 0; each < 400; each += 1) fake.start();
    const list = `${node} list --page-size 2 --base-url ${url} | head -n 1`;
    expect(await shell(list)).toEqual({ stdout: 'operations/1  running\n', stderr: '' });
    expect(requests.length).toBeLessThan(100);
  });

  it('leaves the exit code of a wait as it is', async () => {
    const { fake, url } = await startService();
    fake.start({ name, response: 'made' });
    fake.start({ name: 'operations/b', error: { code: 9 } });
    const wait = `${node} wait --base-url ${url}`;
    const lines = [
      `${wait} ${name} 2> /dev/null | true; echo $?`,
      `${wait} operations/b 2> /dev/null | true; echo $?`,
      `${wait} --json ${name} 2> /dev/null | head -n 0; echo $?`,
    ];
    const ends = await Promise.all(lines.map(shell));
    expect(ends.map(({ stdout }) => stdout)).toEqual(['0\n', '1\n', '0\n']);
    expect(ends.map(({ stderr }) => stderr).join('')).toBe('');
  });

  it('ends a wait that goes on, with 2', async () => {
    let asked = 0;
    const methods: string[] = [];
    const url = await command.serve(async ({ method }) => {
      methods.push(method);
      asked += 1;
      return Response.json({ name, metadata: asked });
    });
    const waiting = command.start('wait', name, '--base-url', url);
    await waiting.until('running  ');
    waiting.close('stderr');
    expect((await waiting.ended).code).toBe(2);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });
});

const terminal = '/usr/bin/script';

// The same is tested on a stand-in for a terminal where there is no such program.
describe.runIf(process.platform === 'linux' && existsSync(terminal))('on a terminal', () => {
  it('a bar shows the progress, and stdout has the response', async () => {
    const { fake, url } = await startService();
    fake.start({ name, duration: 300, progress: true, response: 'made' });
    const line = `'${process.execPath}' '${command.file}' wait ${name} --base-url ${url}`;
    const { stdout } = await promisify(execFile)(
      terminal,
      ['--quiet', '--return', '--command', line, '/dev/null'],
      { env: { ...process.env, TERM: 'xterm' } },
    );
    expect(stdout).toMatch(/\r\p{Cc}\[K█{30} {2}succeeded {2}100 % {2}[\d.]+ s\r\n/u);
    expect(stdout).toContain(`${name}  succeeded\r\n"made"\r\n`);
  });
});

describe.concurrent('the command line', () => {
  it.each([
    { args: ['--help'], shows: /^Waits for .*\n\nUsage:[^]*Commands:[^]*Exit codes:/ },
    { args: ['wait', '-h'], shows: /^Waits until [^]*--timeout TIME[^]*Exit codes:/ },
    { args: ['--version'], shows: /^\d+\.\d+\.\d+\n$/ },
  ])('$args is answered on stdout with 0', async ({ args, shows }) => {
    const { code, stdout, stderr } = await command.start(...args).ended;
    expect(stdout).toMatch(shows);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('ends with 64 when it is wrong, with a line that says why and one that says where to look', async () => {
    const { code, stdout, stderr } = await command.start('wait', 'operations/a').ended;
    expect(stderr).toBe(
      'rx-lro: A NAME needs --base-url; a whole URL does not.\nSee: rx-lro wait --help\n',
    );
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });
});

/** The URL of a port that nobody listens to. */
async function closedPort(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}
