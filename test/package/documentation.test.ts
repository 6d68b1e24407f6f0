import { afterAll, beforeAll, expect, test } from 'vitest';

import { docBlocks, placeOf, readmeBlocks } from '../readme/blocks.js';
import { Consumer, compiler, run } from './packed.js';

let consumer: Consumer;

// Blocks about other packages, and those for one platform alone.
const foreign = /from '(?!rx-lro|rxjs)|\b(?:process|localStorage)\b/;

const blocks = [...readmeBlocks, ...docBlocks].filter(
  ({ info, code }) => /^ts\b/.test(info) && !foreign.test(code),
);

beforeAll(() => {
  consumer = new Consumer();
  consumer.link('@types/node');
  for (const block of blocks) {
    consumer.write(`${placeOf(block).replaceAll(/\W/g, '-')}.mts`, block.code);
  }
});

afterAll(() => {
  consumer.remove();
});

test.each([
  { told: 'the types of Node', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
  { told: 'the DOM library', lib: ['es2023', 'esnext.disposable', 'dom'], types: [] },
])('the blocks of the documentation compile with $told alone', ({ lib, types }) => {
  consumer.write('tsconfig.json', {
    compilerOptions: {
      noEmit: true,
      target: 'es2022',
      lib,
      types,
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
    },
    include: ['*.mts'],
  });
  expect(blocks.length).toBeGreaterThan(50);
  const tsc = compiler('@typescript/native');
  expect(run(consumer.folder, process.execPath, tsc, '--project', 'tsconfig.json')).toBe('');
});
