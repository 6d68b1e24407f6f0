// Builds the package, by default into dist: once as ES modules and once as CommonJS.

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = import.meta.dirname;
const [folder = join(root, 'dist')] = process.argv.slice(2);
const { resolve: find } = createRequire(import.meta.url);
const compiler = join(dirname(find('@typescript/native/package.json')), 'bin/tsc');

rmSync(folder, { recursive: true, force: true });
for (const format of ['esm', 'cjs']) {
  const options = [
    '--project',
    join(root, `tsconfig.${format}.json`),
    '--outDir',
    resolve(folder, format),
  ];
  const { status, error } = spawnSync(process.execPath, [compiler, ...options], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status);
}
// Bundlers and Node look at the nearest package.json, so it repeats what they need to know.
writeFileSync(
  join(folder, 'cjs/package.json'),
  `${JSON.stringify({ type: 'commonjs', sideEffects: false }, undefined, 2)}\n`,
);
