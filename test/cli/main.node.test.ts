import { FakeOperations } from 'rx-lro/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Host, HostSignal } from '../../src/cli/host.js';
import { main } from '../../src/cli/main.js';
import { startHttpServer, type HttpServer } from '../support/http-server.js';

/** A process that records what is done with it. */
class FakeHost implements Host {
  exitCode: number | undefined;
  readonly env: Record<string, string> = {};
  readonly written = { stdout: [] as string[], stderr: [] as string[] };
  readonly exits: number[] = [];
  readonly stdout = { write: (text: string) => this.written.stdout.push(text) };
  readonly stderr = {
    isTTY: false,
    columns: 80,
    write: (text: string) => {
      this.written.stderr.push(text);
      this.onStderr(text);
    },
  };
  onStderr: (text: string) => void = () => undefined;
  readonly listeners = new Set<(signal: HostSignal) => void>();

  on(_: HostSignal, listener: (signal: HostSignal) => void): void {
    this.listeners.add(listener);
  }

  off(_: HostSignal, listener: (signal: HostSignal) => void): void {
    this.listeners.delete(listener);
  }

  exit(code: number): void {
    this.exits.push(code);
  }

  interrupt(): void {
    for (const listener of this.listeners) listener('SIGINT');
  }

  get out(): string {
    return this.written.stdout.join('');
  }

  get errors(): string {
    return this.written.stderr.join('');
  }
}

const name = 'operations/a';

let fake: FakeOperations;
let server: HttpServer;
let host: FakeHost;

beforeEach(async () => {
  fake = new FakeOperations();
  server = await startHttpServer((request) => fake.fetch(request));
  host = new FakeHost();
});

afterEach(() => server.close());

const run = (...args: string[]): Promise<void> => main([...args, '--base-url', server.url], host);

describe('the bar on a terminal', () => {
  beforeEach(() => {
    host.stderr.isTTY = true;
  });

  it('is drawn in one line, beneath the notes, and is left when the wait ends', async () => {
    fake.fail({ method: 'get' });
    fake.start({ name, metadata: { progressPercent: 50 }, response: { a: 1 }, duration: 20 });
    await run('wait', name);
    const [heading, ...rest] = host.errors
      .replaceAll(/[\d.]+ s\b/g, 'T')
      .split('\r\u001B[K')
      .filter((text) => text !== '');
    expect(heading).toBe(`Waiting for ${name} at ${server.url}; Ctrl-C cancels it.\n`);
    const [note, ...others] = rest.filter((text) => text.includes('made again'));
    expect(note).toMatch(/^UNAVAILABLE \(HTTP 503\): .* The get call is made again in T\.\n$/);
    expect(others).toEqual([]);
    const bars = rest.filter((text) => text !== note);
    expect(bars[0]).toBe('waiting  T');
    expect(bars.at(-1)).toBe(`${'█'.repeat(30)}  succeeded  100 %  T\n`);
    expect(bars.slice(0, -1).join('')).not.toContain('\n');
    expect(host.out).toBe(`${name}  succeeded\n{\n  "a": 1\n}\n`);
  });

  it('leaves no timer and no listener, however the wait ends', async () => {
    const begin = vi.spyOn(globalThis, 'setInterval');
    const end = vi.spyOn(globalThis, 'clearInterval');
    await run('wait', name);
    const tickers = begin.mock.results.map(({ value }) => [value as unknown]);
    const ended = end.mock.calls;
    begin.mockRestore();
    end.mockRestore();
    expect(host.errors).toMatch(/waiting {2}[\d.]+ s\nrx-lro: .*NOT_FOUND/);
    expect(tickers).toHaveLength(1);
    expect(ended).toEqual(tickers);
    expect(host.listeners.size).toBe(0);
  });

  it('shows no credential and no control character that the server repeats', async () => {
    await server.close();
    const texts = ['at s3cret \u009b2J', undefined];
    server = await startHttpServer(async () => {
      const text = texts.shift();
      return text === undefined
        ? Response.json({ a: 1 })
        : new Response(null, { status: 202, headers: { 'x-progress': text, 'retry-after': '0' } });
    });
    const args = ['--monitor', '--header', 'authorization: s3cret'];
    await main(['wait', `${server.url}/exports/1`, ...args], host);
    expect(host.errors).toContain('running  at …  2J');
    expect(host.errors).not.toContain('s3cret');
    expect(host.errors).not.toContain('\u009b');
    expect(host.exitCode).toBe(0);
  });

  it('is not drawn on a dumb one', async () => {
    host.env['TERM'] = 'dumb';
    fake.start({ name, metadata: { progressPercent: 50 }, response: { a: 1 } });
    await run('wait', name);
    expect(host.errors).toMatch(/\nsucceeded {2}100 % {2}[\d.]+ s\n$/);
    expect(host.errors).not.toMatch(/█|(?!\n)\p{Cc}/u);
  });
});

describe('an interrupt', () => {
  it('cancels the operation once, however often the same keystroke comes', async () => {
    fake.start({ name });
    host.onStderr = (text) => {
      if (text.startsWith('running')) host.interrupt();
    };
    await run('wait', name, '--json');
    expect(JSON.parse(host.out)).toMatchObject({ name, done: true, error: { code: 1 } });
    expect(fake.calls.filter(({ method }) => method === 'cancel')).toHaveLength(1);
    expect(host).toMatchObject({ exitCode: 130, exits: [] });
    expect(host.listeners.size).toBe(0);
  });

  it('leaves it running with --detach', async () => {
    fake.start({ name });
    host.onStderr = (text) => {
      if (text.startsWith('running')) host.interrupt();
    };
    await run('wait', name, '--detach');
    expect(host.errors).toContain('Left running. The same command waits for it again.\n');
    expect(host.exitCode).toBe(2);
    expect(fake.calls.map(({ method }) => method)).toEqual(['get']);
  });
});

describe('each command makes its call', () => {
  beforeEach(() => {
    fake.start({ name, metadata: { progressPercent: 40 } });
  });

  it.each([
    { command: 'get', out: `${name}  running  40 %\n`, calls: ['get'] },
    { command: 'cancel', out: '', calls: ['cancel'] },
    { command: 'delete', out: '', calls: ['delete'] },
  ])('$command, by name and by URL', async ({ command, out, calls }) => {
    await run(command, name);
    expect(fake.calls.map(({ method }) => method)).toEqual(calls);
    expect(host.out).toBe(out);
    expect(host.exitCode).toBeUndefined();

    fake = new FakeOperations();
    fake.start({ name, metadata: { progressPercent: 40 } });
    await main([command, `${server.url}/v1/${name}`], host);
    expect(fake.calls.map(({ method }) => method)).toEqual(calls);
    expect(host.out).toBe(out.repeat(2));
    expect(host.exitCode).toBeUndefined();
  });

  it('list, by parent and by URL, over all pages', async () => {
    fake.start({ name: 'operations/b' });
    const args = ['--json', '--page-size', '1', '--filter', 'done=false'];
    await run('list', 'operations', ...args);
    await main(['list', `${server.url}/v1/operations`, ...args], host);
    const listed = host.written.stdout.map((line) => (JSON.parse(line) as { name: string }).name);
    expect(listed).toEqual([name, 'operations/b', name, 'operations/b']);
    expect(fake.calls.map(({ method }) => method)).toEqual(['list', 'list', 'list', 'list']);
  });

  it('get, of a job by its id', async () => {
    const rules = ['--job', '--done-when', '/state=ok', '--progress', '/metadata/progressPercent'];
    await main(['get', name, '--base-url', `${server.url}/v1`, ...rules], host);
    expect(host.out).toBe(`${name}  running  40 %\n`);
  });

  it('none, when the arguments are wrong', async () => {
    await run('get', name, 'operations/b');
    expect(host.errors).toMatch(/^rx-lro: Give one NAME .*\nSee: rx-lro get --help\n$/);
    expect(host.exitCode).toBe(64);
    expect(fake.calls).toEqual([]);
  });
});

it.each(['--help', '--version'])('%s is written to stdout', async (flag) => {
  await main([flag], host);
  expect(host.out).toMatch(/\S\n$/);
  expect(host.exitCode).toBeUndefined();
});

it('a redirect is not followed, and is told with where it leads to', async () => {
  await server.close();
  server = await startHttpServer(async () => Response.redirect('https://b.example.com/v1/x?key=k'));
  await main(['get', `${server.url}/v1/${name}`, '--header', 'authorization: Bearer abcd'], host);
  expect(host.errors).toContain('redirects to https://b.example.com/v1/x. Redirects are not');
  expect(host.errors).toContain('give the URL that it leads to.');
  expect(host.exitCode).toBe(2);
});
