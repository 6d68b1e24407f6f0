import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { entryPoints } from '../support/entry-points.js';
import { docBlocks, outputOf, pages, placeOf, readmeBlocks, root } from './blocks.js';
import { compile } from './compile.js';
import { membersOf, valuesOf } from './names.js';
import type { Printed } from './run-blocks.js';

const read = (file: string): string => readFileSync(root + file, 'utf8');
const all = pages.map(read).join('\n');
const written = readmeBlocks.filter(({ info }) => /^ts\b/.test(info));
const compiled = compile([...written, ...docBlocks]);

afterAll(() => {
  rmSync(compiled.folder, { recursive: true, force: true });
});

describe('README.md', () => {
  it('has at most 400 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(400);
  });

  it('links to every guide', () => {
    const guides = pages.filter((file) => file.startsWith('src/'));
    expect(guides.filter((file) => !read('README.md').includes(`](${file}`))).toEqual([]);
  });
});

describe('the documentation', () => {
  it('has a guide for every entry point', () => {
    const guideOf = (source: string): string =>
      source === 'src/index.ts' ? 'src/core/README.md' : source.replace(/[^/]+$/, 'README.md');
    const expected = entryPoints.map(({ source }) => guideOf(source));
    expect(expected.filter((file) => !pages.includes(file))).toEqual([]);
  });

  it('has only blocks of a kind that is checked', () => {
    const kinds = new Set(['ts', 'ts run', 'ts test', 'text', 'sh', 'json', 'console']);
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
    const named = [
      ...(all + read('CONTRIBUTING.md')).matchAll(/npm run ([\w:]+)|npm (test|start)\b/g),
    ].map(([, script, short]) => script ?? short!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each([
    ['src/core/README.md', 'bench wire'],
    ['src/learned/README.md', 'bench learned'],
  ])('has in %s the table of the last `npm run bench`: %s', (file, name) => {
    const [, table] =
      new RegExp(`<!-- ${name} -->\\n\\n([^]*?)\\n\\n<!-- /${name} -->`).exec(read(file)) ?? [];
    expect(read('test/bench/RESULTS.md')).toContain(table);
  });

  it('allows for Angular each dependency that it would warn of [report 8]', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const [, list = '[]'] = /"allowedCommonJsDependencies": (\[[^\]]*\])/.exec(all) ?? [];
    expect(JSON.parse(list)).toEqual(Object.keys(dependencies));
  });

  it.each([
    ['src/core/options.ts', 'PollOptions'],
    ['src/core/options.ts', 'RequestOptions'],
    ['src/core/answer/decoder.ts', 'DecodeOptions'],
    ['src/core/policy/retry.ts', 'RetryOptions'],
    ['src/core/policy/exponential-delay.ts', 'ExponentialDelayOptions'],
    ['src/core/policy/backoff.ts', 'BackoffContext'],
    ['src/core/errors/status-error.ts', 'StatusError'],
    ['src/core/client.ts', 'OperationsClient'],
    ['src/core/client.ts', 'ListOperationsRequest'],
    ['src/clients/rest/options.ts', 'RestClientOptions'],
    ['src/clients/rest/bindings.ts', 'RestPaths'],
    ['src/clients/status-monitor/options.ts', 'StatusMonitorClientOptions'],
    ['src/clients/status-monitor/start.ts', 'StatusMonitorStart'],
    ['src/clients/status-monitor/metadata.ts', 'StatusMonitorMetadata'],
    ['src/testing/monitor.ts', 'FakeMonitorOptions'],
    ['src/testing/options.ts', 'FakeOperationsOptions'],
    ['src/testing/fake-operations.ts', 'FakeOperations'],
    ['src/testing/virtual-time.ts', 'VirtualTime'],
    ['src/testing/operation-script.ts', 'OperationScript'],
    ['src/testing/operation-script.ts', 'OperationStep'],
    ['src/testing/fault.ts', 'Fault'],
    ['src/testing/conformance/subject.ts', 'ConformanceSubject'],
    ['src/testing/conformance/subject.ts', 'ConformanceConnection'],
    ['src/clients/protobuf/any-type-error.ts', 'AnyTypeErrorOptions'],
    ['src/clients/connect/connect-client.ts', 'ConnectClientOptions'],
    ['src/clients/gax/gax-client.ts', 'GaxClientOptions'],
    ['src/clients/googleapis/googleapis-client.ts', 'GoogleapisClientOptions'],
    ['src/clients/grpc/options.ts', 'GrpcClientOptions'],
    ['src/step/poll-once.ts', 'PollOnceOptions'],
    ['src/learned/options.ts', 'LearnedBackoffOptions'],
    ['src/learned/duration-history.ts', 'DurationHistoryOptions'],
    ['src/learned/duration-history.ts', 'DurationHistory'],
    ['src/learned/seen-duration.ts', 'SeenDuration'],
    ['src/fleet/options.ts', 'FleetOptions'],
    ['src/fleet/options.ts', 'FleetSweep'],
    ['src/fleet/wait-for-all-error.ts', 'WaitForAllFailure'],
    ['src/fleet/whole-progress.ts', 'WaitForAllProgress'],
    ['src/engines/bullmq/engine.ts', 'EngineOptions'],
    ['src/engines/bullmq/known-wait.ts', 'KnownWait'],
    ['src/engines/bullmq/operation-waits.ts', 'OperationWaits'],
    ['src/engines/bullmq/operation-worker.ts', 'OperationWorker'],
    ['src/engines/bullmq/waits-settings.ts', 'OperationWaitsOptions'],
    ['src/engines/bullmq/worker-settings.ts', 'DoneWait'],
    ['src/engines/bullmq/worker-settings.ts', 'OperationWorkerOptions'],
    ['src/clients/job/job.ts', 'JobClientOptions'],
    ['src/clients/job/job.ts', 'JobState'],
    ['src/clients/job/job.ts', 'JobPage'],
  ])('tells of all that is in %s: %s', (file, type) => {
    expect(membersOf(file, type).filter(isMissing)).toEqual([]);
  });

  it.each(entryPoints.map(({ source }) => source))('tells of all that %s exports', (file) => {
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

describe('a block runs, and prints what is written below it', () => {
  const blocks = written.filter(({ info }) => info === 'ts run');
  let printed: readonly Printed[] = [];

  beforeAll(async () => {
    printed = await run(blocks.map((block) => compiled.scripts.get(block)!));
  });

  it.each(blocks.map((block, index) => ({ place: placeOf(block), block, index })))(
    '$place',
    ({ block, index }) => {
      expect(printed[index]).toEqual({ stdout: outputOf(block)?.code, stderr: '' });
    },
  );
});

describe('a block of tests passes', async () => {
  for (const block of written.filter(({ info }) => info === 'ts test')) {
    await import(/* @vite-ignore */ pathToFileURL(compiled.scripts.get(block)!).href);
  }
});

/** Runs scripts in one process, and gives what each has printed. */
async function run(scripts: readonly string[]): Promise<readonly Printed[]> {
  const report = join(compiled.folder, 'printed.json');
  const child = spawn(process.execPath, [compiled.runner, compiled.world, report, ...scripts], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 50_000,
  });
  const exit: unknown[] = await once(child, 'exit');
  expect(exit).toEqual([0, null]);
  return JSON.parse(readFileSync(report, 'utf8')) as Printed[];
}

function isMissing(name: string): boolean {
  return !new RegExp(`\\b${name}\\b`).test(all);
}
