import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { root } from '../entry-points.js';

/** The programs of this folder. */
export type Program = 'adder' | 'bare-job' | 'service' | 'worker';

// Below the root, so that packages are found.
const folder = `${root}temp/durable-${process.pid}`;
const bundles = new Map<Program, Promise<string>>();

/** Makes one file of a program and of the library's source, so that Node runs it without a loader. */
export function bundleOf(program: Program): Promise<string> {
  const found = bundles.get(program) ?? bundle(program);
  bundles.set(program, found);
  return found;
}

async function bundle(program: Program): Promise<string> {
  const outfile = `${folder}/${program}.mjs`;
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [fileURLToPath(new URL(`${program}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    tsconfig: `${root}tsconfig.json`,
    logLevel: 'error',
  });
  return outfile;
}
