import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Subject } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Operation } from 'rx-lro';
import { FakeOperations } from 'rx-lro/testing';
import { parseArguments, UsageError } from '../../examples/quickstart/arguments.js';
import { Display } from '../../examples/quickstart/display.js';
import { serve, type LocalServer } from '../../examples/quickstart/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const running: ChildProcess[] = [];
const servers: LocalServer[] = [];

// Not after each: some run side by side, as they wait most of the time.
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.close()));
});

/** The quickstart in a process of its own, and what it has printed so far. */
class Quickstart {
  readonly ended: Promise<unknown>;
  output = '';
  errors = '';
  readonly #child: ChildProcess;
  readonly #printed = new Subject<void>();

  constructor(...args: string[]) {
    const all = ['--import', 'tsx', 'examples/quickstart.ts', ...args];
    const child = spawn(process.execPath, all, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.#printed.next();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(child, 'close').then(([code, signal]: unknown[]) => {
      this.#printed.complete();
      return code ?? signal;
    });
    this.#child = child;
    running.push(child);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async until(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.output.includes(text)) resolve();
      };
      const giveUp = (): void => reject(new Error(`no ${text} in:\n${this.output}${this.errors}`));
      this.#printed.subscribe({ next: look, complete: giveUp });
      look();
    });
  }
}

interface Service {
  readonly fake: FakeOperations;
  readonly requests: Request[];
  await(name: string, ...options: string[]): Quickstart;
}

async function startService(): Promise<Service> {
  const fake = new FakeOperations();
  const requests: Request[] = [];
  const server = await serve((request) => {
    requests.push(request);
    return fake.fetch(request);
  });
  servers.push(server);
  return {
    fake,
    requests,
    await: (name, ...options) => new Quickstart('--base-url', server.url, ...options, name),
  };
}

function cancels(fake: FakeOperations): number {
  return fake.calls.filter(({ method }) => method === 'cancel').length;
}

describe('the tour', () => {
  it('shows each of its parts and ends by itself in time', async () => {
    const begun = performance.now();
    const tour = new Quickstart();
    const code = await tour.ended;
    const parts = tour.output.split(/^\d\. /m);
    expect(tour.errors).toBe('');
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(parts).toHaveLength(7);
    expect(parts[1]).toMatch(/UNAVAILABLE \(HTTP 503\).*made again[^]*100 %[^]*✔ 12 pages/);
    expect(parts[2]).toMatch(/the server is asked to cancel it[^]*✖ CANCELLED \(1\)/);
    expect(parts[3]).toMatch(/✖ .*FAILED_PRECONDITION[^]*target_language: there is no language/);
    expect(parts[4]).toMatch(/not done after 500 ms[^]*✔ projects\/demo\/operations\/4: 3 pages/);
    expect(parts[5]).toMatch(/page 3: .*running\n[^]*✔ 3 pages, by 3 calls/);
    expect(parts[6]).toMatch(/is deleted[^]*✖ .*NOT_FOUND[^]*That was all: \d+ calls/);
  });

  it('shows code that it really runs', async () => {
    const source = await readFile(`${root}/examples/quickstart/tour.ts`, 'utf8');
    const shown = [...source.matchAll(/^ {4}(?:'(.*)'|"(.*)"),$/gm)].map(
      ([, single, double]) => single ?? double ?? '',
    );
    const flat = (text: string): string => text.replaceAll(/\s+/g, '');
    const code = source.replaceAll(/^ {4}(?:'.*'|".*"),$/gm, '');
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.filter((line) => !flat(code).includes(flat(line)))).toEqual([]);
  });
});

describe.concurrent('awaiting an operation', () => {
  it('ends with 0 when it succeeded, and sends the headers', async () => {
    const service = await startService();
    service.fake.start({ name: 'operations/a', duration: 500, progress: true, response: { a: 1 } });
    const headers = ['--header', 'authorization: Bearer t:1', '--header', 'x-goog-user-project:p'];
    const run = service.await('operations/a', ...headers);
    expect(await run.ended).toBe(0);
    expect(run.output).toMatch(/100 %[^]*✔ \{"a":1\}/);
    expect(service.requests[0]?.headers.get('authorization')).toBe('Bearer t:1');
    expect(service.requests[0]?.headers.get('x-goog-user-project')).toBe('p');
  });

  it('ends with 1 when it failed, and shows every detail', async () => {
    const service = await startService();
    const details = [{ '@type': 'example.com/a', a: 1 }, { '@type': 'example.com/b' }];
    const error = { code: 9, message: 'It is sealed.', details };
    service.fake.start({ name: 'operations/a', error });
    const run = service.await('operations/a');
    expect(await run.ended).toBe(1);
    expect(run.output).toContain('✖ FAILED_PRECONDITION (9): It is sealed.');
    for (const detail of details) expect(run.output).toContain(JSON.stringify(detail));
  });

  it('ends with 1 when somebody else cancelled it', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a' });
    const run = service.await('operations/a');
    await run.until('running');
    await fake.client.cancel({ name: 'operations/a' });
    expect(await run.ended).toBe(1);
    expect(run.output).toContain('✖ CANCELLED (1)');
  });

  it('ends with 2 when a call failed', async () => {
    const service = await startService();
    const run = service.await('operations/a');
    expect(await run.ended).toBe(2);
    expect(run.output).toMatch(
      /✖ Operation operations\/a: the get call to http:\/\/127\.0\.0\.1:\d+\/v1\/operations\/a failed: NOT_FOUND/,
    );
    expect(run.output).not.toContain('The same command');
  });

  it('ends with 2 when the time was up', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a' });
    const run = service.await('operations/a', '--timeout', '0.2');
    expect(await run.ended).toBe(2);
    expect(run.output).toContain('was not done after 200 ms. It goes on');
    expect(cancels(fake)).toBe(0);
    expect(run.output).toContain('The same command waits for it again.');
  });

  it('ends with 2 when the arguments are wrong', async () => {
    const run = new Quickstart('operations/a');
    expect(await run.ended).toBe(2);
    expect(run.output).toBe('');
    expect(run.errors).toMatch(/^Option --base-url is missing\.\n\nUsage:/);
  });

  it('shows how to use it', async () => {
    const run = new Quickstart('--help');
    expect(await run.ended).toBe(0);
    expect(run.output).toMatch(/^Usage:[^]*Exit codes:/);
  });
});

describe.concurrent('a signal while an operation is awaited', () => {
  it('cancels it and shows the verdict: 130 for SIGINT', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a', cancelAfter: 300 });
    const run = service.await('operations/a');
    await run.until('running');
    run.signal('SIGINT');
    // Under npm the same keystroke comes twice.
    run.signal('SIGINT');
    expect(await run.ended).toBe(130);
    expect(run.output).toMatch(/the server is asked to cancel it[^]*✖ CANCELLED \(1\)/);
    expect(cancels(fake)).toBe(1);
  });

  it('cancels it and shows the verdict: 143 for SIGTERM', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a' });
    const run = service.await('operations/a');
    await run.until('running');
    run.signal('SIGTERM');
    expect(await run.ended).toBe(143);
    expect(run.output).toContain('✖ CANCELLED (1)');
    expect(cancels(fake)).toBe(1);
  });

  it('quits at once the second time', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a', onCancel: 'ignore' });
    const run = service.await('operations/a');
    await run.until('running');
    run.signal('SIGINT');
    await run.until('its verdict is awaited');
    // The first ones may still count as the same keystroke.
    const impatience = setInterval(() => run.signal('SIGINT'), 20);
    const code = await run.ended;
    clearInterval(impatience);
    expect(code).toBe(130);
    expect(run.output).toContain('Quit; the operation may still run.');
  });

  it('leaves it running with --detach', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a' });
    const run = service.await('operations/a', '--detach');
    await run.until('running');
    run.signal('SIGINT');
    expect(await run.ended).toBe(130);
    expect(run.output).toContain('Left running');
    expect(cancels(fake)).toBe(0);
  });

  it('ends with 2 when the cancel is not confirmed', async () => {
    const { fake, ...service } = await startService();
    fake.start({ name: 'operations/a', onCancel: 'refuse' });
    const run = service.await('operations/a');
    await run.until('running');
    run.signal('SIGINT');
    expect(await run.ended).toBe(2);
    expect(run.output).toMatch(/✖ .*UNIMPLEMENTED.*It may still run/);
    expect(run.output).toContain('The same command waits for it again.');
  });
});

describe('the arguments', () => {
  it('are read', () => {
    expect(parseArguments([])).toBe('tour');
    expect(parseArguments(['--help'])).toBe('help');
    const args = [
      '--base-url',
      'http://a',
      '--header',
      'b: c: d',
      '--timeout',
      '1.5',
      'operations/1',
    ];
    expect(parseArguments(args)).toEqual({
      baseUrl: 'http://a',
      name: 'operations/1',
      headers: [['b', 'c: d']],
      timeout: 1500,
      detach: false,
    });
  });

  it.each([
    [['operations/1'], '--base-url'],
    [['--base-url', 'http://a'], 'NAME'],
    [['--base-url', 'http://a', ''], 'NAME'],
    [['--base-url', 'http://a', 'operations/1', 'operations/2'], 'Only one NAME'],
    [['--base-url', 'http://a', '--header', 'secret', 'operations/1'], "takes 'NAME: VALUE'"],
    [['--base-url', 'http://a', '--timeout', 'soon', 'operations/1'], 'it is soon'],
    [['--bad'], '--bad'],
  ])('%j are refused', (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe('the display', () => {
  const percent = (progressPercent: number): Operation => ({
    name: 'operations/1',
    done: false,
    metadata: { progressPercent },
  });

  function screen(isTTY: boolean, columns = 80) {
    const written: string[] = [];
    return { isTTY, columns, written, write: (text: string) => written.push(text) };
  }

  it('keeps the bar beneath the lines on a terminal', () => {
    const terminal = screen(true);
    const display = new Display(terminal, { NO_COLOR: '1' });
    const snapshots = new Subject<Operation>();
    snapshots.pipe(display.showProgress).subscribe();
    snapshots.next(percent(50));
    const before = terminal.written.length;
    display.line('note', 'a');
    snapshots.complete();
    display.line('success', 'b');
    const written = terminal.written.slice(before).map((text) => text.replace(/[\d.]+ s$/, 'T'));
    const bar = `\r\u001B[K   ${'█'.repeat(15)}${'░'.repeat(15)}  50 %  T`;
    expect(written).toEqual(['\r\u001B[K', '   ! a\n', bar, bar, '\n', '   ✔ b\n']);
  });

  it('never lets the bar wrap', () => {
    const terminal = screen(true, 20);
    const snapshots = new Subject<Operation>();
    const watching = snapshots.pipe(new Display(terminal, {}).showProgress).subscribe();
    snapshots.next(percent(50));
    expect(terminal.written.at(-1)).toHaveLength('\r\u001B[K'.length + 19);
    watching.unsubscribe();
  });

  it('writes plain lines where there is no terminal', () => {
    const file = screen(false);
    const snapshots = new Subject<Operation>();
    snapshots.pipe(new Display(file, {}).showProgress).subscribe();
    snapshots.next({ name: 'operations/1', done: false });
    snapshots.next(percent(100));
    snapshots.complete();
    expect(file.written).toEqual([
      expect.stringMatching(/^ {3}running {2}\d+\.\d s\n$/),
      expect.stringMatching(/^ {3}█{30} 100 % {2}\d+\.\d s\n$/),
    ]);
  });

  it.each([
    ['on a terminal', true, {}, '\u001B[31m   ✖ a\u001B[0m\n'],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, '\u001B[31m   ✖ a\u001B[0m\n'],
    ['with NO_COLOR', true, { NO_COLOR: '1' }, '   ✖ a\n'],
    ['on a dumb terminal', true, { TERM: 'dumb' }, '   ✖ a\n'],
    ['where there is no terminal', false, {}, '   ✖ a\n'],
  ])('has colours only where they are wanted: %s', (_, isTTY, environment, line) => {
    const terminal = screen(isTTY);
    new Display(terminal, environment).line('failure', 'a');
    expect(terminal.written).toEqual([line]);
  });

  it('lets no server move the cursor', () => {
    const file = screen(false);
    new Display(file, {}).line('failure', 'a\u001B[2J\nb\u009B1A');
    expect(file.written).toEqual(['   ✖ a [2J b 1A\n']);
  });
});
