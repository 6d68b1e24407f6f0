import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Operation } from 'rx-lro';
import { Display } from '../../examples/quickstart/display.js';
import { runExample } from '../support/run-example.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the tour', () => {
  it('shows each of its parts and ends by itself in time', async () => {
    const begun = performance.now();
    const { code, output, errors } = await runExample('quickstart');
    const parts = output.split(/^\d\. /m);
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(parts).toHaveLength(9);
    expect(parts[1]).toMatch(/UNAVAILABLE \(HTTP 503\).*made again[^]*100 %[^]*✔ 12 pages/);
    expect(parts[2]).toMatch(/the server is asked to cancel it[^]*✖ CANCELLED \(1\)/);
    expect(parts[3]).toMatch(/✖ .*FAILED_PRECONDITION[^]*target_language: there is no language/);
    expect(parts[4]).toMatch(/not done after 500 ms[^]*✔ projects\/demo\/operations\/4: 3 pages/);
    expect(parts[5]).toMatch(/page 3: .*running\n[^]*✔ 3 pages, by 3 calls/);
    expect(parts[6]).toMatch(/is deleted[^]*✖ .*NOT_FOUND/);
    expect(parts[7]).toMatch(/100 %[^]*✔ https:\/\/films\.example\.com\/42\.mp4/);
    expect(parts[8]).toMatch(/✔ 5 pages, at the notice, by 1 call\n[^]*That was all: \d+ calls/);
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
