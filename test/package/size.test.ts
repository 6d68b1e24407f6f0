import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'src');
const dependencies = ['abort-controller', 'exponential-backoff', 'rxjs'];

// In bytes after gzip, without the dependencies.
const limits = [
  { name: 'the core', code: `export * from 'rx-lro'`, limit: 13_824 },
  {
    name: 'poll and waitForDone alone',
    code: `export { poll, waitForDone } from 'rx-lro'`,
    limit: 11_264,
  },
  { name: 'statusFrom alone', code: `export { statusFrom } from 'rx-lro'`, limit: 3072 },
  { name: 'rx-lro/rest', code: `export * from 'rx-lro/rest'`, limit: 9_728 },
  { name: 'rx-lro/fleet', code: `export * from 'rx-lro/fleet'`, limit: 13_824 },
  { name: 'rx-lro/testing', code: `export * from 'rx-lro/testing'`, limit: 27_136 },
];

// What a user of the core adds by importing one of these, and once what several of them share.
const adapters = ['any', 'compute', 'connect', 'gax', 'genai', 'googleapis', 'grpc', 'job'];
const adapterLimit = 1536;
const sharedLimit = 2048;

interface BundleOptions {
  /** The folders in `src` to bundle; what is elsewhere is left out. Default: all. */
  readonly rooms?: readonly string[];
}

async function bundle(
  code: string,
  { rooms }: BundleOptions = {},
): Promise<{ bytes: number; modules: string[] }> {
  const elsewhere: Plugin = {
    name: 'elsewhere',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const [room = ''] = relative(source, join(resolveDir, path)).split(/[\\/]/);
        return rooms === undefined || rooms.includes(room) ? undefined : { path, external: true };
      });
    },
  };
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    alias: {
      'rx-lro': './src/index.ts',
      ...Object.fromEntries(
        [...adapters, 'fleet', 'rest', 'testing'].map((entry) => [
          `rx-lro/${entry}`,
          `./src/${entry}/index.ts`,
        ]),
      ),
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: dependencies.flatMap((name) => [name, `${name}/*`]),
    plugins: [elsewhere],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  return { bytes: gzipSync(outputFiles[0]?.contents ?? '').length, modules };
}

test.each(limits)('$name stays below $limit bytes', async ({ name, code, limit }) => {
  const { bytes } = await bundle(code);
  console.log(`${name}: ${bytes} of ${limit} bytes, minified and gzipped`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(limit);
});

test.each(adapters)(`rx-lro/%s adds no more than ${adapterLimit} bytes`, async (entry) => {
  const { bytes } = await bundle(`export * from 'rx-lro/${entry}'`, { rooms: [entry] });
  console.log(`rx-lro/${entry}: ${bytes} of ${adapterLimit} bytes beside the core`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(adapterLimit);
});

test(`the reading of protobuf adds no more than ${sharedLimit} bytes, once`, async () => {
  const readers = ['operation', 'service-error'];
  const code = readers.map((file) => `export * from './src/protobuf/${file}.ts';`).join('');
  const { bytes } = await bundle(code, { rooms: ['protobuf'] });
  console.log(`the reading of protobuf: ${bytes} of ${sharedLimit} bytes`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(sharedLimit);
});

test('the core brings nothing of the other entry points', async () => {
  const { modules } = await bundle(`export * from 'rx-lro'`);
  const rooms = new Set(modules.map((path) => path.split('/')[1]));
  expect(rooms).toContain('status');
  expect([...adapters, 'protobuf', 'rest', 'testing'].filter((room) => rooms.has(room))).toEqual(
    [],
  );
});

test('one function brings only what it needs', async () => {
  const { modules } = await bundle(`export { statusFrom } from 'rx-lro'`);
  expect(modules.filter((path) => /^src\/(poll|client|abort|backoff|retry)\//.test(path))).toEqual(
    [],
  );
});
