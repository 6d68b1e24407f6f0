import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';

import { afterAll, describe, expect, it } from 'vitest';

import { docBlocks, outputOf, placeOf, readmeBlocks, root } from './blocks.js';
import { compile } from './compile.js';
import { membersOf, valuesOf } from './names.js';

const readme = readFileSync(`${root}README.md`, 'utf8');
const written = readmeBlocks.filter(({ info }) => /^ts\b/.test(info));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: object };
const entries = Object.keys(exports).flatMap((path) =>
  /^\.\/\w+$/.test(path) ? [`src${path.slice(1)}/index.ts`] : [],
);
const compiled = compile([...written, ...docBlocks]);

afterAll(() => {
  rmSync(compiled.folder, { recursive: true, force: true });
});

describe('README.md', () => {
  it('has only blocks of a kind that is checked', () => {
    const kinds = new Set(['ts', 'ts run', 'ts test', 'text', 'sh']);
    expect(readmeBlocks.filter(({ info }) => !kinds.has(info)).map(placeOf)).toEqual([]);
  });

  it('shows output only of what is run', () => {
    const outputs = readmeBlocks.filter(({ info }) => info === 'text');
    const expected = written.filter(({ info }) => info === 'ts run').map(outputOf);
    expect(expected).toEqual(outputs);
  });

  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run ([\w:]+)|npm (test|start)\b/g)].map(
      ([, script, short]) => script ?? short!,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links only to what there is', () => {
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
    const anchors = new Set(headings.map(anchorOf));
    const links = [...readme.matchAll(/\]\((#[^)]+)\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
  });

  it.each([
    ['src/poll/poll-options.ts', 'PollOptions'],
    ['src/options/request-options.ts', 'RequestOptions'],
    ['src/options/request-options.ts', 'DecodeOptions'],
    ['src/retry/retry.ts', 'RetryOptions'],
    ['src/backoff/exponential-delay.ts', 'ExponentialDelayOptions'],
    ['src/backoff/backoff.ts', 'BackoffContext'],
    ['src/errors/status-error.ts', 'StatusError'],
    ['src/client/client.ts', 'OperationsClient'],
    ['src/client/client.ts', 'ListOperationsRequest'],
    ['src/rest/options.ts', 'RestClientOptions'],
    ['src/rest/bindings.ts', 'RestPaths'],
    ['src/testing/options.ts', 'FakeOperationsOptions'],
    ['src/testing/fake-operations.ts', 'FakeOperations'],
    ['src/testing/virtual-time.ts', 'VirtualTime'],
    ['src/testing/operation-script.ts', 'OperationScript'],
    ['src/testing/operation-script.ts', 'OperationStep'],
    ['src/testing/fault.ts', 'Fault'],
    ['src/testing/conformance/subject.ts', 'ConformanceSubject'],
    ['src/testing/conformance/subject.ts', 'ConformanceConnection'],
    ['src/protobuf/any-type-error.ts', 'AnyTypeErrorOptions'],
    ['src/connect/connect-client.ts', 'ConnectClientOptions'],
    ['src/gax/gax-client.ts', 'GaxClientOptions'],
    ['src/googleapis/googleapis-client.ts', 'GoogleapisClientOptions'],
    ['src/grpc/options.ts', 'GrpcClientOptions'],
    ['src/learned/options.ts', 'LearnedBackoffOptions'],
    ['src/learned/duration-history.ts', 'DurationHistoryOptions'],
    ['src/learned/duration-history.ts', 'DurationHistory'],
    ['src/learned/seen-duration.ts', 'SeenDuration'],
    ['src/fleet/options.ts', 'FleetOptions'],
    ['src/fleet/options.ts', 'FleetSweep'],
    ['src/fleet/wait-for-all-error.ts', 'WaitForAllFailure'],
    ['src/fleet/whole-progress.ts', 'WaitForAllProgress'],
    ['src/job/job.ts', 'JobClientOptions'],
    ['src/job/job.ts', 'JobState'],
    ['src/job/job.ts', 'JobPage'],
  ])('tells of all that is in %s: %s', (file, type) => {
    expect(membersOf(file, type).filter(isMissing)).toEqual([]);
  });

  it.each(['src/index.ts', ...entries])('tells of all that %s exports', (file) => {
    expect(valuesOf(file).filter(isMissing)).toEqual([]);
  });
});

describe('a block compiles', () => {
  it.each([...written, ...docBlocks].map((block) => ({ place: placeOf(block), block })))(
    '$place',
    ({ block }) => {
      expect(compiled.errors.get(block)).toEqual([]);
    },
  );
});

describe('a block runs, and prints what README.md says', () => {
  it.concurrent.each(
    written
      .filter(({ info }) => info === 'ts run')
      .map((block) => ({ place: placeOf(block), block })),
  )('$place', { timeout: 30_000 }, async ({ block }) => {
    expect(await run(compiled.scripts.get(block)!)).toEqual({
      stdout: outputOf(block)?.code,
      stderr: '',
    });
  });
});

describe('a block of tests passes', async () => {
  for (const block of written.filter(({ info }) => info === 'ts test')) {
    await import(/* @vite-ignore */ pathToFileURL(compiled.scripts.get(block)!).href);
  }
});

async function run(script: string): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', pathToFileURL(compiled.world).href, script], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout: stdout.trimEnd(), stderr };
}

// As GitHub makes it.
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\w\- ]/g, '');
  return `#${words.replaceAll(' ', '-')}`;
}

function isMissing(name: string): boolean {
  return !new RegExp(`\\b${name}\\b`).test(readme);
}
