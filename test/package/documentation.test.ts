import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { docBlocks, placeOf, readmeBlocks, root, type CodeBlock } from '../readme/blocks.js';
import { stubPaths, stubs } from '../readme/stubs.js';
import { Consumer, compiler, run } from './packed.js';

const blocks = [...readmeBlocks, ...docBlocks].filter(({ info }) => /^ts\b/.test(info));

/** The packages that a block imports, besides this one and RxJS. */
function packagesOf({ code }: CodeBlock): string[] {
  return [...code.matchAll(/\bfrom '((?!node:)(?:@[^/']+\/)?[^/']+)[^']*'/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'rx-lro' && name !== 'rxjs')
    .concat(isOfEngine({ code }) ? ['bullmq'] : []);
}

/** Whether a block needs an engine, whose package runs in Node alone. */
function isOfEngine({ code }: Pick<CodeBlock, 'code'>): boolean {
  return code.includes(`from 'rx-lro/bullmq'`);
}

const isStub = (name: string): boolean =>
  Object.keys(stubs).some((stub) => stub === name || stub.startsWith(`${name}/`));

const platforms = [
  {
    told: 'the types of Node',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    // A page's own storage, which Node 20 does not have.
    foreign: /\blocalStorage\b/,
    count: 1,
    candidates: blocks,
  },
  {
    told: 'the DOM library',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    types: [],
    // A program of Node: its signals and its exit code, or its test runner.
    foreign: /\bprocess\.\w|'node:/,
    count: 4,
    candidates: blocks.filter((block) => !isOfEngine(block)),
  },
];

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
  cpSync(join(root, 'test/readme/stubs'), join(consumer.folder, 'stubs'), { recursive: true });
  const packages = new Set(blocks.flatMap(packagesOf).filter((name) => !isStub(name)));
  // It has that one already.
  packages.delete('bullmq');
  for (const name of ['@types/node', ...packages]) consumer.link(name);
  for (const block of blocks) consumer.write(fileOf(block), block.code);
});

afterAll(() => {
  consumer.remove();
});

describe.each(platforms)(
  'the blocks of the documentation compile with $told alone',
  ({ lib, types, foreign, count, candidates }) => {
    const own = candidates.filter(({ code }) => !foreign.test(code));

    test(`all but ${count}, which are for the other platform`, () => {
      expect(own).toHaveLength(candidates.length - count);
    });

    test.each([
      {
        told: 'those of this package',
        chosen: own.filter((block) => packagesOf(block).length === 0),
        skipLibCheck: false,
      },
      {
        told: 'those with other packages',
        chosen: own.filter((block) => packagesOf(block).length > 0),
        // The declarations of others need what they need, and bring the types of Node where they use them.
        skipLibCheck: true,
      },
    ])('$told', ({ chosen, skipLibCheck }) => {
      consumer.write('tsconfig.json', {
        compilerOptions: {
          noEmit: true,
          target: 'es2022',
          lib,
          types,
          module: 'nodenext',
          strict: true,
          skipLibCheck,
          paths: stubPaths('./stubs'),
        },
        files: chosen.map(fileOf),
      });
      const tsc = compiler('@typescript/native');
      expect(run(consumer.folder, process.execPath, tsc, '--project', 'tsconfig.json')).toBe('');
    });
  },
);

function fileOf(block: CodeBlock): string {
  return `${placeOf(block).replaceAll(/\W/g, '-')}.mts`;
}
