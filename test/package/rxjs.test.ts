import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readmeBlocks } from '../readme/blocks.js';
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

describe('with RxJS 6, by the package of the guide', () => {
  const guide = readFileSync(join(root, 'src/core/README.md'), 'utf8');
  const files = [...guide.matchAll(/^- `(index\.[\w.]+)`: `(.+)`$/gm)];
  let consumer: Consumer;

  beforeAll(() => {
    consumer = new Consumer('rxjs-6');
    const { folder } = consumer;
    consumer.write(
      'operations/package.json',
      readmeBlocks.find(({ info }) => info === 'json')?.code ?? '',
    );
    for (const [, file = '', code = ''] of files) consumer.write(`operations/${file}`, code);
    // As `npm install ./operations` does it.
    const own = join(folder, 'operations/node_modules');
    mkdirSync(own);
    renameSync(join(folder, 'node_modules/rx-lro'), join(own, 'rx-lro'));
    consumer.link('rxjs', 'rxjs', 'operations');
    symlinkSync(join(folder, 'operations'), join(folder, 'node_modules/operations'), 'junction');
  });

  afterAll(() => {
    consumer.remove();
  });

  test('it has all its files, and one RxJS for each side', () => {
    expect(files.map(([, file]) => file)).toEqual(['index.mjs', 'index.cjs', 'index.d.ts']);
    const versionIn = (folder: string): unknown => {
      const path = join(consumer.folder, folder, 'node_modules/rxjs/package.json');
      return (JSON.parse(readFileSync(path, 'utf8')) as { version: unknown }).version;
    };
    expect([versionIn('.'), versionIn('operations')]).toEqual(['6.6.7', '7.8.2']);
  });

  const code = `
    const film = { name: 'operations/1', done: true, response: 'film' };
    const client = { get: () => of(film) };
    from(poll(client, film.name))
      .pipe(map(({ response }) => response))
      .subscribe((response) => console.log(response));
    waitForDone(client, film.name).then((response) => console.log(response));
  `;

  test.each([
    {
      format: 'ES modules',
      file: 'program.mjs',
      head: `
        import { poll, waitForDone } from 'operations';
        import { from, of } from 'rxjs';
        import { map } from 'rxjs/operators/index.js';
      `,
    },
    {
      format: 'CommonJS',
      file: 'program.cjs',
      head: `
        const { poll, waitForDone } = require('operations');
        const { from, of } = require('rxjs');
        const { map } = require('rxjs/operators');
      `,
    },
  ])('a program runs, in $format', ({ file, head }) => {
    consumer.write(file, head + code);
    expect(run(consumer.folder, process.execPath, file).split('\n')).toEqual(['film', 'film']);
  });

  test.each([
    { file: 'program.ts', module: 'esnext', moduleResolution: 'bundler' },
    { file: 'program.cts', module: 'nodenext', moduleResolution: 'nodenext' },
  ])('a program is compiled, with $moduleResolution', ({ file, ...resolution }) => {
    consumer.write(
      file,
      `
        import { poll, type Operation, type OperationsClient } from 'operations';
        import { from, of, type Observable } from 'rxjs';
        import { map } from 'rxjs/operators';
        const client: OperationsClient = { get: async ({ name }) => ({ name, done: true }) };
        export const isDone: Observable<boolean> = from(poll(client, 'operations/1')).pipe(
          map((operation: Operation) => operation.done === true),
        );
        // @ts-expect-error Its Observables are not those of RxJS 7.
        export const foreign: OperationsClient = { get: () => of({ name: 'operations/1' }) };
      `,
    );
    consumer.write('tsconfig.json', {
      compilerOptions: {
        noEmit: true,
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        ...resolution,
        strict: true,
        skipLibCheck: true,
      },
      files: [file],
    });
    const tsc = compiler('@typescript/native');
    expect(run(consumer.folder, process.execPath, tsc, '--project', 'tsconfig.json')).toBe('');
  });
});
