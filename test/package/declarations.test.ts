import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Consumer, compiler, root, run } from './packed.js';

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
  consumer.link('@types/node');
  for (const extension of ['mts', 'cts']) {
    for (const name of ['consumer', 'inferred']) {
      cpSync(join(root, `test/package/${name}.ts`), join(consumer.folder, `${name}.${extension}`));
    }
  }
});

afterAll(() => {
  consumer.remove();
});

const compilers = ['typescript-5.0', 'typescript-5.9', 'typescript', '@typescript/native'];

// What a program knows of its surroundings: of Node alone, or of browsers alone.
const node = { lib: ['es2022'], types: ['node'] };
const browser = { lib: ['es2022', 'dom'], types: [] };

const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
const node16 = { module: 'node16', moduleResolution: 'node16' };
const bundler = { module: 'esnext', moduleResolution: 'bundler' };
const node10 = { module: 'commonjs', moduleResolution: 'node10' };

const strict = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
};

function compile(name: string, compilerOptions: object, files: object): string {
  const settings = { ...strict, ...compilerOptions };
  consumer.write('tsconfig.json', { compilerOptions: settings, ...files });
  return run(consumer.folder, process.execPath, compiler(name), '--project', 'tsconfig.json');
}

describe('a program and its own declarations are compiled', () => {
  const settings = [
    { told: 'nodenext, with Node', extension: 'mts', ...nodenext, ...node },
    { told: 'bundler, with the DOM', extension: 'mts', ...bundler, ...browser },
    { told: 'node16 from CommonJS, with Node', extension: 'cts', ...node16, ...node },
    { told: 'node10, with the DOM', extension: 'cts', ...node10, ...browser },
  ];

  test.each(
    compilers
      .flatMap((name) => settings.map((setting) => ({ name, ...setting })))
      // It was removed there.
      .filter(({ name, module }) => !(name === '@typescript/native' && module === 'commonjs')),
  )('by $name, $told', ({ name, told: _told, extension, ...options }) => {
    const isOld = options.module === 'commonjs' && name === 'typescript';
    const output = compile(
      name,
      {
        ...options,
        ...(isOld ? { ignoreDeprecations: '6.0' } : {}),
        declaration: true,
        emitDeclarationOnly: true,
        outDir: 'declarations',
      },
      { files: [`consumer.${extension}`, `inferred.${extension}`] },
    );
    expect(output).toBe('');
  });
});

describe('every declaration file is compiled [report 5]', () => {
  test.each(
    ['typescript-5.0', '@typescript/native'].flatMap((name) => [
      { name, told: 'Node', ...node },
      { name, told: 'the DOM', ...browser },
    ]),
  )('by $name, with $told alone', ({ name, lib, types }) => {
    const include = ['node_modules/rx-lro/dist/**/*.d.ts'];
    const options = { ...nodenext, lib, types, noEmit: true };
    // An engine's declarations need those of its package, which do not compile everywhere.
    const exclude = ['node_modules/rx-lro/dist/*/engines'];
    expect(compile(name, options, { include, exclude })).toBe('');
  });
});
