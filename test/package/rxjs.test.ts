import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Consumer, compiler, root, run } from './packed.js';

const program = `
  (async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const { name } = fake.start({
      steps: [
        { after: 30_000, metadata: { progressPercent: 50 } },
        { after: 30_000, metadata: { progressPercent: 100 }, response: 'film' },
      ],
    });
    const progress = poll(fake.client, name, { scheduler }).pipe(map(progressOf), toArray());
    console.log(await scheduler.runUntil(lastValueFrom(progress)));
    console.log(await waitForDone(fake.client, name, { scheduler }));
    for await (const operation of listOperations(fake.client, { name: 'operations' })) {
      console.log(operation.name === name);
    }
  })();
`;

const imports = `
  import { listOperations, poll, progressOf, waitForDone } from 'rx-lro';
  import { FakeOperations, VirtualTime } from 'rx-lro/testing';
  import { lastValueFrom, map, toArray } from 'rxjs';
`;

// By their paths, as Node takes the ES modules for \`require\` as well.
const requires = `
  const { listOperations, poll, progressOf, waitForDone } = require('./node_modules/rx-lro/dist/cjs/index.js');
  const { FakeOperations, VirtualTime } = require('./node_modules/rx-lro/dist/cjs/testing/index.js');
  const { lastValueFrom, map, toArray } = require('rxjs');
`;

describe.each([
  // Its own `exports` name no types, so that only a compiler that reads none finds them.
  {
    told: 'the oldest RxJS that it takes',
    rxjs: 'rxjs-7.5',
    version: '7.5.0',
    typescript: 'typescript-5.9',
    resolution: { module: 'commonjs', moduleResolution: 'node10' },
  },
  {
    told: 'the newest RxJS 7',
    rxjs: 'rxjs',
    version: '7.8.2',
    typescript: '@typescript/native',
    resolution: { module: 'nodenext', moduleResolution: 'nodenext' },
  },
])('with $told', ({ rxjs, version, typescript, resolution }) => {
  let consumer: Consumer;

  beforeAll(() => {
    consumer = new Consumer(rxjs);
  });

  afterAll(() => {
    consumer.remove();
  });

  test('it is that one', () => {
    const path = join(consumer.folder, 'node_modules/rxjs/package.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version });
  });

  test('a program is compiled', () => {
    cpSync(join(root, 'test/package/consumer.ts'), join(consumer.folder, 'consumer.cts'));
    consumer.write('tsconfig.json', {
      compilerOptions: {
        noEmit: true,
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        ...resolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
      },
      files: ['consumer.cts'],
    });
    expect(
      run(consumer.folder, process.execPath, compiler(typescript), '--project', 'tsconfig.json'),
    ).toBe('');
  });

  test.each([
    { format: 'ES modules', file: 'program.mjs', code: imports + program },
    { format: 'CommonJS', file: 'program.cjs', code: requires + program },
  ])('a program runs, in $format', ({ file, code }) => {
    consumer.write(file, code);
    const output = run(consumer.folder, process.execPath, file);
    expect(output.replaceAll(/\s+/g, ' ')).toBe('[ undefined, 0.5, 1 ] film true');
  });
});
