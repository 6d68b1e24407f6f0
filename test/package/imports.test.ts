import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'src');
const { dependencies, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
};

const allowed = ['abort-controller', 'exponential-backoff', 'rxjs'];
const entryFolders = Object.keys(exports)
  .filter((subpath) => /^\.\/\w+$/.test(subpath))
  .map((subpath) => subpath.slice('./'.length));

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

// Type imports count: they end up in the declarations.
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return [file, ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName)] as const;
  }),
);

function internal(file: string): string[] {
  return (imports.get(file) ?? [])
    .filter((name) => name.startsWith('.'))
    .map((name) => {
      const path = resolve(source, dirname(file), name).replace(/\.js$/, '.ts');
      return relative(source, path).replaceAll('\\', '/');
    });
}

function entryOf(file: string): string | undefined {
  return entryFolders.find((folder) => file.startsWith(`${folder}/`));
}

test('the runtime dependencies are exactly the three', () => {
  expect(Object.keys(dependencies).sort()).toEqual(allowed);
});

test('nothing but the dependencies is imported, and nothing of Node', () => {
  const foreign = files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((name) => !name.startsWith('.'))
      .filter((name) => !allowed.some((each) => name === each || name.startsWith(`${each}/`)))
      .map((name) => `${file} imports ${name}`),
  );
  expect(foreign).toEqual([]);
});

test('each dependency is used', () => {
  const used = new Set([...imports.values()].flat().map((name) => name.split('/')[0]));
  expect(allowed.filter((name) => !used.has(name))).toEqual([]);
});

test('the core imports no other entry point, and these import only the core', () => {
  const wrong = files.flatMap((file) =>
    internal(file)
      .filter((target) => entryOf(target) !== undefined && entryOf(target) !== entryOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('no module imports itself by way of others', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const target of internal(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
