import { describe, expect, it, test } from 'vitest';

import { describeOperation, describeOutcome } from '../../src/cli/describe.js';
import { formatDuration, parseDuration } from '../../src/cli/duration.js';
import { exitCodeOf } from '../../src/cli/exit-code.js';
import { Interrupted } from '../../src/cli/interrupts.js';
import { cleaner, toJson } from '../../src/cli/output.js';
import { percentOf, progressBar, progressLine } from '../../src/cli/progress-bar.js';
import { nameIn } from '../../src/cli/target.js';

const name = 'operations/1';
const at = (progressPercent: number) => ({ name, done: false, metadata: { progressPercent } });

describe('a time', () => {
  test.each([
    ['90', 90_000],
    ['0.5s', 500],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['0', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 's', '-1', '1 s', '1ms', '1d', '.5', '1e3', 'Infinity'])(
    '%j is not one',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test.each([
    [0, '0.0 s'],
    [1_550, '1.5 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min 0 s'],
    [3_599_999, '59 min 59 s'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms is shown as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

const same = (text: string): string => text;

describe('progress', () => {
  it('is a bar, a state, a percentage and a time on a terminal', () => {
    const bar = `${'█'.repeat(15)}${'░'.repeat(15)}`;
    expect(progressBar(at(50), 1_500, 80, same)).toBe(`${bar}  running  50 %  1.5 s`);
  });

  it('has no bar where nothing is known of it', () => {
    expect(progressBar({ name, done: false }, 1_500, 80, same)).toBe('running  1.5 s');
    expect(progressBar(undefined, 0, 80, same)).toBe('waiting  0.0 s');
  });

  it('never wraps on a terminal', () => {
    expect(progressBar(at(50), 1_500, 20, same)).toHaveLength(19);
  });

  it.each([0, undefined])('is whole on a terminal whose width is %s', (columns) => {
    expect(progressBar(at(50), 1_500, columns, same)).toMatch(/^█.* s$/);
  });

  it('is a line without a bar elsewhere', () => {
    expect(progressLine(at(50), 1_500, same)).toBe('running  50 %  1.5 s');
    expect(progressLine({ name, done: true }, 1_500, same)).toBe('succeeded  100 %  1.5 s');
    const error = { code: 9, message: '', details: [] };
    expect(progressLine({ name, done: true, error }, 1_500, same)).toBe('failed  1.5 s');
  });

  it('is the text of the server where there is no percentage', () => {
    const saying = (metadata: object) => ({ name, done: false, metadata });
    const line = progressLine(saying({ progressText: 'Exporting' }), 1_500, same);
    expect(line).toBe('running  Exporting  1.5 s');
    expect(describeOperation(saying({ progressText: 'Exporting' }), same)).toMatch(
      /running {2}Exporting$/,
    );
    const both = { progressText: '40% done', percentComplete: 40 };
    expect(progressLine(saying(both), 1_500, same)).toBe('running  40 %  1.5 s');
    const long = progressLine(saying({ progressText: 'a'.repeat(1_000) }), 1_500, same);
    expect(long).toHaveLength('running    1.5 s'.length + 60);
    const done = { ...saying({ progressText: 'Exporting' }), done: true };
    expect(progressLine(done, 1_500, same)).toBe('succeeded  100 %  1.5 s');
  });

  it('is never 100 % before the end', () => {
    expect(percentOf(at(99.9))).toBe('99 %');
    expect(percentOf({ ...at(99.9), done: true })).toBe('100 %');
  });
});

describe('an operation is described', () => {
  test.each([
    [at(40), `${name}  running  40 %`],
    [{ name, done: true, response: 1 }, `${name}  succeeded`],
    [
      { name, done: true, error: { code: 1, message: 'So be it.', details: [] } },
      `${name}  cancelled  CANCELLED (1): So be it.`,
    ],
    [
      { name, done: true, error: { code: 9, message: 'a\nb', details: [] } },
      `${name}  failed  FAILED_PRECONDITION (9): a b`,
    ],
    [
      { name, done: true, error: { code: 13, message: '', details: [] } },
      `${name}  failed  INTERNAL (13)`,
    ],
  ])('%j in a line', (operation, line) => {
    expect(describeOperation(operation, same)).toBe(line);
  });

  it('with its response, or with the details of its error', () => {
    expect(describeOutcome({ name, done: true, response: { a: 1 } }, same)).toBe(
      `${name}  succeeded\n{\n  "a": 1\n}`,
    );
    const error = { code: 9, message: 'a', details: [{ b: 2 }] };
    expect(describeOutcome({ name, done: true, error }, same)).toMatch(/: a\n {2}\{"b":2\}$/);
  });
});

describe('a text for people', () => {
  const clean = cleaner([
    ['Authorization', 'Bearer abcdef'],
    ['x-goog-api-key', 'k3y-value'],
    ['x-token', 'abc'],
    ['x-goog-user-project', 'project'],
  ]);

  it('has no credentials of the headers, and all else', () => {
    const text = 'Bearer abcdef, abcdef, k3y-value, abc, project';
    expect(clean(text)).toBe('…, …, …, abc, project');
  });

  it('has no beginning of one either, where a long text is cut', () => {
    const token = 'abcdef0123'.repeat(30);
    const hide = cleaner([['authorization', `Bearer ${token}`]]);
    const metadata = { progressText: `for ${token}` };
    const line = progressLine({ name, done: false, metadata }, 1_500, hide);
    expect(line).toBe('running  for …  1.5 s');
  });

  it('cannot move the cursor', () => {
    expect(clean('a\u001B[2J\tb\u009B1A\nc')).toBe('a [2J b 1A\nc');
  });

  it('holds JSON that cannot move it either, and means the same', () => {
    const value = { a: '\u001B[2J\u009B1A\u007F' };
    expect(toJson(value)).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(toJson(value))).toEqual(value);
  });
});

test.each([
  ['https://a.example.com/v1/operations/1', 'operations/1'],
  ['https://a.example.com/api/v2beta1/projects/p/operations/1?key=k', 'projects/p/operations/1'],
  ['https://a.example.com/env2/builds/1/', 'env2/builds/1'],
  ['https://a.example.com/', 'https://a.example.com'],
])('the operation at %s is called %s', (url, expected) => {
  expect(nameIn(url)).toBe(expected);
});

describe('the exit code of a wait', () => {
  const cancelled = { code: 1, message: '', details: [] };
  const failed = { code: 9, message: '', details: [] };
  const interrupted = new Interrupted('SIGINT');

  test.each([
    ['succeeded', undefined, undefined, 0],
    ['succeeded in spite of Ctrl-C', undefined, interrupted, 0],
    ['failed', failed, undefined, 1],
    ['failed after Ctrl-C', failed, interrupted, 1],
    ['was cancelled by somebody else', cancelled, undefined, 1],
    ['was cancelled by Ctrl-C', cancelled, interrupted, 130],
    ['was cancelled by SIGTERM', cancelled, new Interrupted('SIGTERM'), 143],
  ])('whose operation %s', (_, error, reason, code) => {
    const operation = { name, done: true, ...(error && { error }) };
    expect(exitCodeOf(operation, reason)).toBe(code);
  });
});
