import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { runExample } from '../support/run-example.js';

const film = /operations\/1: \d+ %\n[^]*operations\/1: 100 %\nThe film: \{ minutes: 90 \}\n/;
const cancelled = /operations\/2: CANCELLED\n/;

const expected: Readonly<Record<string, readonly RegExp[]>> = {
  any: [
    /^Printed at 2023-11-14T22:13:20\.000Z\.\n/,
    /No google\.protobuf\.Duration, but type\.googleapis\.com\/google\.protobuf\.Timestamp; it is kept: true\n$/,
  ],
  compute: [
    /^projects\/p\/zones\/z\/operations\/disk: 25 %\n[^]*disk: 100 %\nThe disk: https:.*\/disks\/disk\n/,
    /RESOURCE_EXHAUSTED: The zone is full\. \[[^]*ZONE_RESOURCE_POOL_EXHAUSTED/,
  ],
  connect: [film, cancelled],
  gax: [film, cancelled],
  genai: [
    /^The video: https:\/\/example\.com\/cat\.mp4\nThe same: https:\/\/example\.com\/cat\.mp4\n/,
    /models\/veo\/operations\/2: NOT_FOUND\n$/,
  ],
  'github-actions': [
    /^Run 1: success\nRun 2: UNKNOWN: The run ended with failure: https:\/\/github\.com\/o\/r/,
    /Run 3: CANCELLED: The run was cancelled\.\n$/,
  ],
  googleapis: [
    /operations\/1: 100 %\nThe service: \{ uri: 'https:\/\/a\.run' \}\n/,
    /RESOURCE_EXHAUSTED, because NO_QUOTA\n.*operations\/1: fine\n.*operations\/2: failed\n$/,
  ],
  grpc: [film, cancelled, /FAILED_PRECONDITION, because NO_STOCK\n$/],
  predictions: [
    /^good: \d+ %\n[^]*good: 100 %\nThe picture: https:\/\/example\.com\/cat\.png\n/,
    /bad: The prompt is empty\.\n$/,
  ],
  'status-monitor': [
    /^The film: 0 %\nThe film: 25 %\n[^]*100 %\nThe film: \{ minutes: 90 \}\nThe export: CANCELLED\n$/,
  ],
  // Each program is killed, and goes on with the operations that it had: no others are started.
  resume: [
    /^resume\/by-name\.ts: SIGKILL while it waits for 3 operations\n.*again, exit code 0\n.*\/[123]: a short film\n.*\/[123] failed: FAILED_PRECONDITION .*\n.*\/[123]: a long film\n/,
    /^resume\/by-state\.ts: SIGKILL while it waits for 3 operations\n.*again, exit code 0\n.*\/[123]: a short film\n.*\/[123] failed: FAILED_PRECONDITION .*\n.*\/[123] was cancelled: .*\n$/m,
  ],
  // Polling alone would take a minute.
  'server-sent-events': [/^running\n[^]*film\n\d calls\nThe stream is closed\.\n$/],
  webhook: [/^\[ 'a long film', 'a short film' \]\n\d calls\n$/],
};

test.each(['by-name', 'by-state'])(
  'the guide of step shows the code of resume/%s',
  async (name) => {
    const read = (path: string): Promise<string> =>
      readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    const [shown] = /async function finish[^]*?\n}\n/.exec(
      await read(`examples/resume/${name}.ts`),
    )!;
    expect(await read('src/step/README.md')).toContain(shown);
  },
);

test('every example is run by a test', async () => {
  const folder = fileURLToPath(new URL('../../examples', import.meta.url));
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  const names = files.map((file) => file.replace(/\.ts$/, ''));
  expect(names.toSorted()).toEqual(
    [...Object.keys(expected), 'durable', 'web', 'quickstart'].toSorted(),
  );
});

describe.concurrent('an example does what it says, and ends by itself', () => {
  // Longer than the example may take.
  test.each(Object.keys(expected))('%s', { timeout: 90_000 }, async (name) => {
    const { code, output, errors } = await runExample(name);
    expect(errors).toBe('');
    for (const part of expected[name] ?? []) expect(output).toMatch(part);
    expect(code).toBe(0);
  });

  test(
    'server-sent-events, with the EventSource of the platform',
    { timeout: 90_000 },
    async () => {
      const run = await runExample('server-sent-events', '--experimental-eventsource');
      for (const part of expected['server-sent-events'] ?? []) expect(run.output).toMatch(part);
      expect(run.errors).toContain('EventSource is experimental');
      expect(run.code).toBe(0);
    },
  );
});
