import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dependencies = ['abort-controller', 'exponential-backoff', 'rxjs'];

// In bytes after gzip, without the dependencies.
const limits = [
  { name: 'the core', code: `export * from 'rx-lro'`, limit: 13_312 },
  {
    name: 'poll and waitForDone alone',
    code: `export { poll, waitForDone } from 'rx-lro'`,
    limit: 11_264,
  },
  { name: 'statusFrom alone', code: `export { statusFrom } from 'rx-lro'`, limit: 3072 },
  { name: 'rx-lro/rest', code: `export * from 'rx-lro/rest'`, limit: 9216 },
  { name: 'rx-lro/testing', code: `export * from 'rx-lro/testing'`, limit: 12_288 },
];

async function bundle(code: string): Promise<{ bytes: number; modules: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    alias: {
      'rx-lro': './src/index.ts',
      'rx-lro/rest': './src/rest/index.ts',
      'rx-lro/testing': './src/testing/index.ts',
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: dependencies.flatMap((name) => [name, `${name}/*`]),
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

test('the core brings nothing of the other entry points', async () => {
  const { modules } = await bundle(`export * from 'rx-lro'`);
  expect(modules).toContain('src/status/status-from.ts');
  expect(modules.filter((path) => /^src\/(rest|testing)\//.test(path))).toEqual([]);
});

test('one function brings only what it needs', async () => {
  const { modules } = await bundle(`export { statusFrom } from 'rx-lro'`);
  expect(modules.filter((path) => /^src\/(poll|client|abort|backoff|retry)\//.test(path))).toEqual(
    [],
  );
});
