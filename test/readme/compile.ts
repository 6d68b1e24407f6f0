import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { entryPoints } from '../support/entry-points.js';
import { root, type CodeBlock } from './blocks.js';
import { stubPaths, stubs } from './stubs.js';

/** What became of the blocks. */
export interface Compiled {
  /** Where everything was written; to be removed in the end. */
  readonly folder: string;
  /** The JavaScript of the world that blocks run in. */
  readonly world: string;
  /** The JavaScript of the program that runs blocks. */
  readonly runner: string;
  /** What the compiler says against each block, with the line in the file that the block is written in. */
  readonly errors: ReadonlyMap<CodeBlock, readonly string[]>;
  /** The JavaScript of each block. */
  readonly scripts: ReadonlyMap<CodeBlock, string>;
}

const world = fileURLToPath(new URL('./world.ts', import.meta.url));
const runner = fileURLToPath(new URL('./run-blocks.ts', import.meta.url));

const stubFolder = fileURLToPath(new URL('./stubs', import.meta.url));

/** Compiles all blocks in one program, together with the source, with the options of this package. */
export function compile(blocks: readonly CodeBlock[]): Compiled {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  // Its own folder, as another run may be under way; in here, so that the packages are found.
  const folder = mkdtempSync(join(cache, 'readme-'));
  const files = new Map(blocks.map((block) => [join(folder, fileOf(block)), block]));
  for (const [file, { code }] of files) writeFileSync(file, code);
  const outDir = join(folder, 'out');
  const report = runCompiler(folder, outDir, [world, runner, ...files.keys()]);
  // The package by its own name, for the blocks and for the world.
  const exports = Object.fromEntries(
    entryPoints.map(({ name, source }) => [
      name.replace('rx-lro', '.'),
      `./${source.replace(/\.ts$/, '.js')}`,
    ]),
  );
  const description = { name: 'rx-lro', type: 'module', exports };
  writeFileSync(join(outDir, 'package.json'), JSON.stringify(description));
  symlinkSync(outDir, join(outDir, 'node_modules/rx-lro'), 'junction');
  const scriptOf = (file: string): string =>
    join(outDir, relative(root, file)).replace(/\.ts$/, '.js');
  for (const [name, file] of Object.entries(stubs)) {
    const script = scriptOf(join(stubFolder, file));
    // One with types alone is not written.
    if (existsSync(script)) writeEntry(join(outDir, 'node_modules'), name, script);
  }
  return {
    folder,
    world: scriptOf(world),
    runner: scriptOf(runner),
    errors: errorsIn(report, files),
    scripts: new Map([...files].map(([file, block]) => [block, scriptOf(file)])),
  };
}

function runCompiler(folder: string, outDir: string, files: readonly string[]): string {
  const project = join(folder, 'tsconfig.json');
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: root,
      outDir,
      paths: {
        ...Object.fromEntries(entryPoints.map(({ name, source }) => [name, [root + source]])),
        ...stubPaths(stubFolder),
      },
    },
    files,
    include: [],
  };
  writeFileSync(project, JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { resolve: find } = createRequire(import.meta.url);
  const compiler = join(dirname(find('@typescript/native/package.json')), 'bin/tsc');
  const options = ['--project', project, '--pretty', 'false'];
  const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

/** Makes a script the entry of a package: of `react`, or of `@angular/core/testing`. */
function writeEntry(modules: string, name: string, script: string): void {
  const [, owner = '', entry = 'index'] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(name) ?? [];
  const folder = join(modules, owner);
  mkdirSync(folder, { recursive: true });
  const exports = { '.': './index.js', './*': './*.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports }));
  writeFileSync(join(folder, `${entry}.js`), `export * from '${pathToFileURL(script).href}';\n`);
}

function fileOf({ file, line }: CodeBlock): string {
  return `${file.replaceAll(/\W/g, '-')}-${line}.ts`;
}

function errorsIn(report: string, files: ReadonlyMap<string, CodeBlock>): Map<CodeBlock, string[]> {
  const errors = new Map([...files.values()].map((block): [CodeBlock, string[]] => [block, []]));
  for (const line of report.split(/\r?\n/).filter((each) => each !== '')) {
    const [, file = '', row, text] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    const block = files.get(resolve(root, file));
    // What goes on over several lines, or is about no block at all, is for whoever reads the report.
    if (block === undefined) {
      if (/^\s/.test(line)) continue;
      throw new Error(report);
    }
    errors.get(block)?.push(`${block.file}:${block.line + Number(row) - 1}: ${text}`);
  }
  return errors;
}
