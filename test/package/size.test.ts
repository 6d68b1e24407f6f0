import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { entryPoints, root } from '../support/entry-points.js';
import { bundle } from './bundle.js';

// In bytes after gzip, without the dependencies.
const limits = [
  { name: 'the core', code: `export * from 'rx-lro'`, limit: 21_024 },
  {
    name: 'poll and waitForDone alone',
    code: `export { poll, waitForDone } from 'rx-lro'`,
    limit: 19_248,
  },
  { name: 'statusFrom alone', code: `export { statusFrom } from 'rx-lro'`, limit: 4_944 },
  { name: 'rx-lro/rest', code: `export * from 'rx-lro/rest'`, limit: 12_112 },
  {
    name: 'rx-lro/status-monitor',
    code: `export * from 'rx-lro/status-monitor'`,
    limit: 19_712,
  },
  { name: 'rx-lro/learned', code: `export * from 'rx-lro/learned'`, limit: 4_960 },
  { name: 'rx-lro/step', code: `export * from 'rx-lro/step'`, limit: 22_592 },
  { name: 'rx-lro/bullmq', code: `export * from 'rx-lro/bullmq'`, limit: 29_456 },
  { name: 'rx-lro/fleet', code: `export * from 'rx-lro/fleet'`, limit: 27_280 },
  { name: 'rx-lro/testing', code: `export * from 'rx-lro/testing'`, limit: 36_800 },
];

// With the dependencies: what somebody who has none of them yet adds to a page.
const wholeLimits = [
  { name: 'the core', code: `export * from 'rx-lro'`, limit: 27_632 },
  {
    name: 'poll and waitForDone alone',
    code: `export { poll, waitForDone } from 'rx-lro'`,
    limit: 25_792,
  },
];

// What a user of the core adds by importing one of these, and once what several of them share.
// `rx-lro/rest` and `rx-lro/status-monitor` are clients of their own, with a limit above.
const adapters = entryPoints.flatMap(
  ({ source }) => /^src\/clients\/(?!rest\/)(\w+)\//.exec(source)?.[1] ?? [],
);
const adapterLimit = 1536;
// Those that have the error codes of their services, and read metrics.
const limitWithTables: Readonly<Record<string, number>> = { compute: 3_456 };
const sharedLimit = 3_104;

test.each(limits)('$name stays below $limit bytes', async ({ name, code, limit }) => {
  const { bytes } = await bundle(code);
  console.log(`${name}: ${bytes} of ${limit} bytes, minified and gzipped`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(limit);
});

test.each(wholeLimits)(
  '$name with the dependencies stays below $limit bytes',
  async ({ name, code, limit }) => {
    const { bytes, modules } = await bundle(code, { isWhole: true });
    console.log(`${name} with the dependencies: ${bytes} of ${limit} bytes`);
    expect(modules.some((path) => path.includes('node_modules/rxjs/'))).toBe(true);
    expect(bytes).toBeLessThanOrEqual(limit);
  },
);

test.each(adapters)(
  `rx-lro/%s adds no more than ${adapterLimit} bytes, without tables`,
  async (entry) => {
    const most = limitWithTables[entry] ?? adapterLimit;
    const { bytes } = await bundle(`export * from 'rx-lro/${entry}'`, {
      rooms: [`clients/${entry}`],
    });
    console.log(`rx-lro/${entry}: ${bytes} of ${most} bytes beside the core`);
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThanOrEqual(most);
  },
);

test(`the reading of protobuf adds no more than ${sharedLimit} bytes, once`, async () => {
  const readers = ['operation', 'service-error'];
  const code = readers.map((file) => `export * from './src/clients/protobuf/${file}.ts';`).join('');
  const { bytes } = await bundle(code, { rooms: ['clients/protobuf'] });
  console.log(`the reading of protobuf: ${bytes} of ${sharedLimit} bytes`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(sharedLimit);
});

test('the core brings nothing of the other entry points', async () => {
  const { modules } = await bundle(`export * from 'rx-lro'`);
  const rooms = new Set(modules.map((path) => path.split('/')[1]));
  expect(rooms).toEqual(new Set(['core']));
});

test('one function brings only what it needs', async () => {
  const { modules } = await bundle(`export { statusFrom } from 'rx-lro'`);
  const rooms = new Set(modules.map((path) => /^src\/core\/(\w+)\//.exec(path)?.[1]));
  expect(rooms).toEqual(new Set(['status', 'values']));
});

// What README.md says, in kB: of `poll` and `waitForDone`, and what each entry adds to them.
const needed = `export { poll, waitForDone } from 'rx-lro'`;
const [, shown = ''] =
  /<!-- sizes -->([^]*)<!-- \/sizes -->/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
const figures = new Map(
  [...shown.matchAll(/^\| .*`(rx-lro[/\w-]*)`(.*?) \| +(?:\+ )?([\d.]+) \|$/gm)].map(
    ([, entry, rest, kilobytes]) => [rest!.trim() === '' ? entry! : 'needed', Number(kilobytes)],
  ),
);

test('README.md shows the size of every entry', () => {
  expect([...figures.keys()].toSorted()).toEqual(
    ['needed', ...entryPoints.map(({ name }) => name)].toSorted(),
  );
});

// Exact figures would have to be written again with every change of the source.
test.each([...figures])('README.md shows the size of %s, to a twentieth', async (entry, figure) => {
  const { bytes: least } = await bundle(needed);
  const code = entry === 'needed' ? '' : `export * from '${entry}'`;
  const { bytes } = await bundle(`${needed}; ${code}`);
  const kilobytes = (entry === 'needed' ? bytes : bytes - least) / 1000;
  expect(Math.abs(figure - kilobytes)).toBeLessThanOrEqual(Math.max(0.1, kilobytes / 20));
});

test('README.md shows what the dependencies add, to a twentieth', async () => {
  const [alone, whole] = [await bundle(needed), await bundle(needed, { isWhole: true })];
  const [, figure] = /add ([\d.]+) kB where/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
  const kilobytes = (whole.bytes - alone.bytes) / 1000;
  expect(Math.abs(Number(figure) - kilobytes)).toBeLessThanOrEqual(kilobytes / 20);
});
