import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Consumer, compiler, root, run } from './packed.js';

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
});

afterAll(() => {
  consumer.remove();
});

describe('a program that is compiled', () => {
  const compilers = ['typescript-5.0', 'typescript-5.9', 'typescript', '@typescript/native'];
  const settings = {
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
  };

  test.each(
    compilers.flatMap((name) => [
      { name, module: 'nodenext', moduleResolution: 'nodenext' },
      { name, module: 'esnext', moduleResolution: 'bundler' },
    ]),
  )('by $name with moduleResolution $moduleResolution', ({ name, ...resolution }) => {
    const config = `tsconfig.${resolution.moduleResolution}.json`;
    const compilerOptions = { ...settings, ...resolution };
    cpSync(join(root, 'test/package/consumer.ts'), join(consumer.folder, 'consumer.mts'));
    writeFileSync(
      join(consumer.folder, config),
      JSON.stringify({ compilerOptions, files: ['consumer.mts'] }),
    );
    expect(run(consumer.folder, process.execPath, compiler(name), '-p', config)).toBe('');
  });
});

describe('a program that runs', () => {
  const entries = [
    { entry: 'rx-lro', name: 'poll' },
    { entry: 'rx-lro/any', name: 'unpack' },
    { entry: 'rx-lro/compute', name: 'computeClient' },
    { entry: 'rx-lro/connect', name: 'connectClient' },
    { entry: 'rx-lro/fleet', name: 'fleetClient' },
    { entry: 'rx-lro/gax', name: 'gaxClient' },
    { entry: 'rx-lro/genai', name: 'genaiClient' },
    { entry: 'rx-lro/googleapis', name: 'googleapisClient' },
    { entry: 'rx-lro/grpc', name: 'grpcClient' },
    { entry: 'rx-lro/job', name: 'jobClient' },
    { entry: 'rx-lro/rest', name: 'restClient' },
    { entry: 'rx-lro/testing', name: 'FakeOperations' },
  ];
  const evaluate = (type: 'module' | 'commonjs', code: string): string =>
    run(consumer.folder, process.execPath, `--input-type=${type}`, '--eval', code);

  test.each(entries)('imports $entry', ({ entry, name }) => {
    const code = `import * as all from '${entry}'; console.log(typeof all.${name});`;
    expect(evaluate('module', code)).toBe('function');
  });

  test.each(entries)('requires $entry', ({ entry, name }) => {
    const code = `console.log(typeof require('${entry}').${name});`;
    expect(evaluate('commonjs', code)).toBe('function');
  });

  test('finds the version of the package', () => {
    const code = `console.log(require('rx-lro/package.json').name);`;
    expect(evaluate('commonjs', code)).toBe('rx-lro');
  });
});
