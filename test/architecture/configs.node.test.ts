import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { expect, test } from 'vitest';

import { entryPoints, root } from '../support/entry-points.js';

const sources = entryPoints.map(({ source }) => source);
const read = (file: string): unknown => JSON.parse(readFileSync(root + file, 'utf8'));

const { entryPoints: documented } = read('typedoc.json') as { entryPoints: string[] };
const { mutate } = read('stryker.config.json') as { mutate: string[] };
const { entry } = read('knip.json') as { entry: string[] };
const { compilerOptions } = read('tsconfig.json') as {
  compilerOptions: { paths: Record<string, string[]> };
};

/** `{a,b}/**` as `a/**` and `b/**`. */
function expand(pattern: string): string[] {
  const [, before = '', choices, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => expand(before + choice + after));
}

/** What has to be there for a pattern to match: the file, or the folder above its first star. */
function placeOf(pattern: string): string {
  const [fixed = ''] = pattern.split('*');
  return fixed === pattern ? pattern : dirname(`${fixed}_`);
}

test('every entry point has its source', () => {
  expect(sources.filter((source) => !existsSync(root + source))).toEqual([]);
});

test('the documentation has every entry point', () => {
  expect(documented.toSorted()).toEqual(sources.toSorted());
});

test('the search for unused code starts at every entry point', () => {
  expect(sources.filter((source) => !entry.flatMap(expand).includes(source))).toEqual([]);
});

test('the compiler finds every entry point by its name', () => {
  const found = (name: string): string | undefined => {
    const [, part = ''] = /^rx-lro\/(.+)$/.exec(name) ?? [];
    const paths = compilerOptions.paths[part === '' ? 'rx-lro' : 'rx-lro/*'] ?? [];
    return paths.map((path) => path.replace('*', part)).find((path) => existsSync(root + path));
  };
  expect(entryPoints.map(({ name }) => found(name))).toEqual(sources.map((file) => `./${file}`));
});

test.each([...mutate, ...entry].flatMap(expand))('%s names what there is', (pattern) => {
  expect(existsSync(root + placeOf(pattern))).toBe(true);
});
