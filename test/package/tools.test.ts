import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readmeBlocks } from '../readme/blocks.js';
import { resolveAsMetro } from './metro.js';
import { Consumer, run } from './packed.js';

const { resolve: find } = createRequire(import.meta.url);

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
  consumer.write('package.json', { name: 'consumer', private: true });
});

afterAll(() => {
  consumer.remove();
});

describe('Jest with its defaults [report 4]', () => {
  const waitsForFilm = `
    test('waits for a film', async () => {
      const scheduler = new VirtualTime();
      const fake = new FakeOperations({ scheduler });
      const { name } = fake.start({ duration: 60_000, response: 'film' });
      const client = restClient({ baseUrl: 'https://films.example.com', fetch: fake.fetch });
      const film = await scheduler.runUntil(waitForDone(client, name, { scheduler }));
      expect(film).toBe('film');
    });
  `;
  const jest = join(dirname(find('jest/package.json')), 'bin/jest.js');
  const report = (folder: string): unknown => {
    const cwd = join(consumer.folder, folder);
    run(cwd, process.execPath, jest, '--json', '--outputFile', 'report.json');
    return JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'));
  };

  test.each([
    ['', 'jest', {}],
    [', with fake timers everywhere [report 7]', 'jest-faked', { enableGlobally: true }],
  ])('runs tests in JavaScript%s', (_, folder, fakeTimers) => {
    consumer.write(`${folder}/package.json`, { name: folder, private: true, jest: { fakeTimers } });
    consumer.write(
      `${folder}/film.test.js`,
      `const { waitForDone } = require('rx-lro');
       const { restClient } = require('rx-lro/rest');
       const { FakeOperations, VirtualTime } = require('rx-lro/testing');
       ${waitsForFilm}`,
    );
    expect(report(folder)).toMatchObject({ success: true, numPassedTests: 1 });
  });

  test('runs tests in TypeScript by ts-jest', () => {
    consumer.link('ts-jest');
    consumer.link('@types/node');
    consumer.write('ts-jest/package.json', { name: 'with-ts-jest', jest: { preset: 'ts-jest' } });
    consumer.write(
      'ts-jest/film.test.ts',
      `import { waitForDone } from 'rx-lro';
       import { restClient } from 'rx-lro/rest';
       import { FakeOperations, VirtualTime } from 'rx-lro/testing';
       declare const test: (name: string, run: () => Promise<void>) => void;
       declare const expect: (value: unknown) => { toBe(value: unknown): void };
       ${waitsForFilm}`,
    );
    expect(report('ts-jest')).toMatchObject({ success: true, numPassedTests: 1 });
  });

  test('runs the recipe of the documentation', () => {
    for (const name of ['ts-jest', '@jest/globals', '@types/node']) {
      consumer.link(name, name, 'jest-recipe');
    }
    const recipe = readmeBlocks.find(({ code }) => code.includes("from '@jest/globals'"));
    consumer.write('jest-recipe/package.json', { name: 'recipe', jest: { preset: 'ts-jest' } });
    consumer.write('jest-recipe/film.test.ts', recipe?.code ?? '');
    expect(report('jest-recipe')).toMatchObject({ success: true, numPassedTests: 1 });
  });
});

describe('eslint-plugin-import with its defaults', () => {
  test('finds the root, and nothing wrong with its names', () => {
    consumer.link('eslint-plugin-import');
    consumer.write(
      'eslint.config.cjs',
      `module.exports = [{
         plugins: { import: require('eslint-plugin-import') },
         rules: { 'import/no-unresolved': 'error', 'import/named': 'error' },
       }];`,
    );
    consumer.write(
      'program.js',
      `import { poll, waitForDone } from 'rx-lro';
       import { gone } from 'rx-lro-gone';
       export { gone, poll, waitForDone };`,
    );
    const eslint = join(dirname(find('eslint/package.json')), 'bin/eslint.js');
    const unresolved = (): string[] => {
      try {
        run(consumer.folder, process.execPath, eslint, 'program.js');
        return [];
      } catch (error) {
        return (error as Error).message.match(/^ +\d+:\d+ .*$/gm) ?? [];
      }
    };
    // This one shows that the rules are at work.
    expect(unresolved()).toEqual([expect.stringMatching(/'rx-lro-gone'\s+import\/no-unresolved$/)]);
  });
});

describe('Metro [report 4]', () => {
  const found = (name: string, enablePackageExports: boolean): string =>
    resolveAsMetro(consumer.folder, name, enablePackageExports);
  const fileOf = (path: string): string =>
    realpathSync(join(consumer.folder, 'node_modules/rx-lro', path));

  test('finds the root without exports', () => {
    expect(found('rx-lro', false)).toBe(fileOf('dist/cjs/index.js'));
  });

  test('finds an entry point by its path where it reads no exports', () => {
    const name = 'rx-lro/dist/cjs/clients/rest/index.js';
    expect(() => found('rx-lro/rest', false)).toThrow('does not exist');
    expect(found(name, false)).toBe(fileOf('dist/cjs/clients/rest/index.js'));
  });

  test.each([
    ['rx-lro', 'dist/cjs/index.js'],
    ['rx-lro/rest', 'dist/cjs/clients/rest/index.js'],
  ])('finds %s by exports', (name, path) => {
    expect(found(name, true)).toBe(fileOf(path));
  });
});
