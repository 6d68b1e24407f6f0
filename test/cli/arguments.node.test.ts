import { describe, expect, it, test } from 'vitest';

import { parseArguments } from '../../src/cli/arguments.js';
import { UsageError } from '../../src/cli/command.js';
import { exitCodes } from '../../src/cli/exit-code.js';
import { commands, helpOf } from '../../src/cli/usage.js';

function usageErrorOf(args: readonly string[]): UsageError {
  try {
    parseArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('They were taken.');
}

const base = ['--base-url', 'https://a.example.com/v3/'];

describe('the arguments are read', () => {
  it('of a wait, by name', () => {
    const args = ['wait', '--header', 'b: c: d', '--timeout', '90', ...base, 'operations/1'];
    expect(parseArguments(args)).toEqual({
      kind: 'wait',
      place: { name: 'operations/1', baseUrl: 'https://a.example.com/v3' },
      headers: [['b', 'c: d']],
      isJson: false,
      timeout: 90_000,
      isDetached: false,
      job: undefined,
      monitor: undefined,
      filter: undefined,
      pageSize: undefined,
    });
  });

  it('of a job, by URL', () => {
    const conditions = ['--done-when', '/state=a=b', '--failed-when', '/error', '--progress', ''];
    const url = 'https://ci.example.com/builds/1?a=b#c';
    const args = ['wait', url, '--job', '--json', '--detach', ...conditions];
    expect(parseArguments(args)).toMatchObject({
      place: { url: 'https://ci.example.com/builds/1?a=b' },
      isJson: true,
      isDetached: true,
      job: {
        doneWhen: [{ text: '/state=a=b', pointer: ['state'], value: 'a=b' }],
        failedWhen: [{ text: '/error', pointer: ['error'], value: undefined }],
        progress: [],
      },
    });
  });

  it('of a status monitor, by the URL', () => {
    const monitored = 'https://a.example.com/exports/1?sig=a';
    const args = ['--monitor', '--cancel-by', 'POST :cancel', '--origin', 'https://b.example.com'];
    expect(parseArguments(['wait', `${monitored}#b`, ...args])).toMatchObject({
      place: { url: monitored },
      monitor: {
        name: monitored,
        cancelBy: 'POST :cancel',
        canCancel: true,
        origins: ['https://b.example.com'],
      },
    });
    expect(parseArguments(['get', monitored, '--monitor'])).toMatchObject({
      monitor: { name: monitored, cancelBy: undefined, canCancel: false, origins: [] },
    });
  });

  it.each([
    ['rx-lro=1&kind=http&delete=1', true],
    ['kind=http&rx-lro=1', false],
  ])('of a status monitor, by a name with the fragment %s', (fragment, canCancel) => {
    const named = `https://a.example.com/exports/1#${fragment}`;
    expect(parseArguments(['wait', named])).toMatchObject({
      place: { url: 'https://a.example.com/exports/1' },
      monitor: { name: named, canCancel },
    });
  });

  it('of a list, whose parent has a default', () => {
    const args = ['list', '--filter', 'done=true', '--page-size', '20', ...base];
    expect(parseArguments(args)).toMatchObject({
      place: { name: 'operations' },
      filter: 'done=true',
      pageSize: 20,
    });
  });

  it.each([
    [['-h'], { kind: 'help', about: undefined }],
    [['--help'], { kind: 'help', about: undefined }],
    [['--version'], { kind: 'version', about: undefined }],
    [['get', '-h', '--json'], { kind: 'help', about: 'get' }],
    [['list', '--help'], { kind: 'help', about: 'list' }],
  ])('of a text to show: %j', (args, expected) => {
    expect(parseArguments(args)).toEqual(expected);
  });
});

const usual = [...base, 'operations/1'];
const url = 'https://a.example.com/v1/operations/1';

test.each([
  [[], 'A command is missing: give one of wait, get, list, cancel, delete.', undefined],
  [['await'], 'The first argument is not a command: give one of wait,', undefined],
  [['toString'], 'The first argument is not a command', undefined],
  [['wait'], 'The NAME or URL of the operation is missing.', 'wait'],
  [['wait', 'operations/1'], 'A NAME needs --base-url; a whole URL does not.', 'wait'],
  [['list', 'projects/p'], 'A PARENT needs --base-url', 'list'],
  [['wait', ...usual, 'operations/2'], 'Give one NAME or URL', 'wait'],
  [['wait', ...base, ''], 'The name "" is empty.', 'wait'],
  [['wait', ...base, '../secrets'], 'must not hold a segment', 'wait'],
  [['wait', url, ...base], 'A whole URL takes no --base-url.', 'wait'],
  [['wait', 'ftp://a.example.com/b'], 'The URL must be a whole http or https URL.', 'wait'],
  [['wait', 'http://'], 'The URL must be a whole http or https URL.', 'wait'],
  [['wait', 'operations/1', '--base-url', 'a'], '--base-url must be an absolute http', 'wait'],
  [['get', url, '--timeout', '5'], 'The command get has no option --timeout.', 'get'],
  [['cancel', url, '--json'], 'The command cancel has no option --json.', 'cancel'],
  [['wait', url, '--bad'], "Unknown option '--bad'.", 'wait'],
  [['wait', url, '--timeout'], "Option '--timeout' argument missing.", 'wait'],
  [['wait', url, '--json=yes'], "Option '--json' does not take an argument.", 'wait'],
  [['wait', url, '--timeout', 'soon'], '--timeout takes seconds, or a number with', 'wait'],
  [['wait', url, '--timeout', '1d'], '--timeout takes seconds, or a number with', 'wait'],
  [['list', url, '--page-size', '0'], '--page-size takes a whole number >= 1.', 'list'],
  [['wait', url, '--job'], 'A --job needs --done-when', 'wait'],
  [['wait', url, '--progress', '/a'], 'are only for a --job.', 'wait'],
  [['wait', url, '--cancel-by', 'DELETE'], '--cancel-by and --origin are only for', 'wait'],
  [['get', url, '--origin', 'https://b.example.com'], 'are only for a --monitor.', 'get'],
  [['get', url, '--monitor', '--cancel-by', 'DELETE'], 'has no option --cancel-by.', 'get'],
  [['list', url, '--monitor'], 'The command list has no option --monitor.', 'list'],
  [['delete', url, '--monitor'], 'The command delete has no option --monitor.', 'delete'],
  [['delete', `${url}#rx-lro=1&kind=http`], 'delete is not for status monitors.', 'delete'],
  [['list', `${url}#rx-lro=1&kind=http`], 'list is not for status monitors.', 'list'],
  [['wait', ...usual, '--monitor'], 'A --monitor needs the whole URL', 'wait'],
  [['wait', url, '--monitor', '--job', '--done-when', '/a'], 'A --job is not a --monitor', 'wait'],
  [['wait', `${url}#rx-lro=2&kind=http`], 'has version "2" in its fragment', 'wait'],
  [['wait', `${url}#rx-lro=1&kind=other`], 'fragment that is not of version 1.', 'wait'],
  [['wait', url, '--monitor', '--cancel-by', 'GET'], '--cancel-by must be a method', 'wait'],
  [['wait', url, '--monitor', '--origin', 'b'], '--origin must be an origin such as', 'wait'],
  [['cancel', url, '--monitor'], 'How to cancel is not known: give it,', 'cancel'],
  [['wait', url, '--job', '--done-when', 'state=a'], '--done-when: a JSON pointer begins', 'wait'],
  [['wait', url, '--job', '--done-when', '/a~2'], '--done-when: in a JSON pointer ~ is', 'wait'],
])('%j are refused in one line', (args, message, about) => {
  const error = usageErrorOf(args);
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^.*\.$/);
  expect(error.about).toBe(about);
});

test.each([
  { args: ['--header', 's3cret'] },
  { args: ['--header', ': s3cret'] },
  { args: ['--header', 'a b: s3cret'] },
  { args: ['--header', 'authorization: s3cret\u0000'] },
  // As a shell splits what is not in quotes.
  { args: ['--header', 'authorization:', 'Bearer', 's3cret'] },
  { args: ['--authorization: s3cret'] },
  { args: ['-authorization: s3cret'] },
  { args: ['--detach=s3cret'] },
  { args: ['authorization: s3cret'] },
])('no error of the arguments quotes what may be a credential: $args', ({ args }) => {
  const error = usageErrorOf(['wait', ...usual, ...args]);
  expect(error.message).not.toContain('s3cret');
});

test.each([
  'https://user:s3cret@a.example.com/v1/operations/1',
  'https://s3cret@a.example.com/v1/operations/1',
])('no error of the arguments quotes the credentials of a URL', (place) => {
  for (const args of [[place], ['operations/1', '--base-url', place]]) {
    const error = usageErrorOf(['wait', ...args]);
    expect(error.message).toContain('hold no credentials: send them with --header');
    expect(error.message).not.toContain('s3cret');
  }
});

describe('the help', () => {
  it('names every command, and every exit code', () => {
    const help = helpOf(undefined);
    for (const name of Object.keys(commands)) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const [code] of exitCodes) expect(help).toMatch(new RegExp(`^  ${code} `, 'm'));
  });

  it.each(Object.entries(commands))('of %s names every option of it', (name, { options }) => {
    const help = helpOf(name as keyof typeof commands);
    for (const option of options) expect(help).toMatch(new RegExp(`^  (-h, )?--${option} `, 'm'));
    expect(help.match(/^ {2}-/gm)).toHaveLength(options.length);
  });

  it('fits a terminal of 100 columns', () => {
    const texts = [undefined, 'wait', 'get', 'list', 'cancel', 'delete'] as const;
    const lines = texts.flatMap((about) => helpOf(about).split('\n'));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
