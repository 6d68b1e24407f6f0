import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import ts from 'typescript';
import { expect, test } from 'vitest';

import { root } from '../support/entry-points.js';

const source = join(root, 'src');
const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
};

const allowedPackages = ['abort-controller', 'exponential-backoff', 'rxjs'];

/** What only some rooms may import: optional peers, which who uses these rooms has. */
const peersOf: Readonly<Record<string, readonly string[]>> = { 'engines/bullmq': ['bullmq'] };
const optionalPeers = Object.values(peersOf).flat();

/** What each room may import beside its own files. A client may import what these two folders share. */
const edges: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['core'],
  core: [],
  'clients/http': ['core'],
  'clients/protobuf': ['core'],
  'clients/*': ['core', 'clients/http', 'clients/protobuf'],
  fleet: ['core'],
  learned: ['core'],
  step: ['core'],
  'engines/*': ['core', 'step'],
  testing: ['core', 'clients/http', 'clients/protobuf'],
  cli: ['core', 'clients/http', 'clients/job', 'clients/rest', 'clients/status-monitor'],
};

/** The layers of the core, from the bottom up: each imports only those before it. */
const coreLayers = [
  'values',
  'platform',
  'status',
  'operation.ts',
  'client.ts',
  'errors',
  'answer',
  'events.ts',
  'policy',
  'options.ts',
  'settings.ts',
  'call',
  'wait',
  'get-operation.ts',
  'cancel-operation.ts',
  'delete-operation.ts',
  'list',
  'poll.ts',
  'wait-for-done.ts',
  'wait-for-operation.ts',
];

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

/** `core`, `clients/rest`, `engines/bullmq`, `fleet` … */
function roomOf(file: string): string {
  return /^(clients|engines)\/[^/]+|^[^/]+/.exec(file)?.[0] ?? file;
}

function edgesOf(room: string): readonly string[] | undefined {
  return edges[room] ?? edges[room.replace(/\/(?!.*\.ts$).*/, '/*')];
}

function mayImport(room: string): readonly string[] {
  return edgesOf(room) ?? [];
}

function isFrom(name: string, packages: readonly string[]): boolean {
  return packages.some((each) => `${name}/`.startsWith(`${each}/`));
}

function layerOf(file: string): number {
  return coreLayers.indexOf(file.split('/')[1] ?? '');
}

test('the runtime dependencies are exactly the three, of which the peer is required', () => {
  const optional = Object.keys(peerDependenciesMeta ?? {});
  const peers = Object.keys(peerDependencies).filter((name) => !optional.includes(name));
  expect([...Object.keys(dependencies), ...peers].sort()).toEqual(allowedPackages);
  expect(peers).toEqual(['rxjs']);
  expect(peerDependencies['rxjs']).toBe('^7.5.0');
});

test('every other peer is optional, and is that of an engine', () => {
  expect(peerDependenciesMeta).toEqual({ bullmq: { optional: true } });
  expect(Object.keys(peerDependencies).sort()).toEqual([...optionalPeers, 'rxjs'].sort());
  expect(peerDependencies['bullmq']).toBe('^6.7.0');
});

test('nothing but the dependencies is imported, and nothing of Node but by the command', () => {
  const foreign = files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((name) => !name.startsWith('.'))
      .filter((name) => !isFrom(name, [...allowedPackages, ...(peersOf[roomOf(file)] ?? [])]))
      .filter((name) => !(roomOf(file) === 'cli' && name.startsWith('node:')))
      .map((name) => `${file} imports ${name}`),
  );
  expect(foreign).toEqual([]);
});

test('each dependency is used', () => {
  const used = new Set([...imports.values()].flat().map((name) => name.split('/')[0]));
  expect([...allowedPackages, ...optionalPeers].filter((name) => !used.has(name))).toEqual([]);
});

test('every file is in a room that is known', () => {
  expect(files.filter((file) => edgesOf(roomOf(file)) === undefined)).toEqual([]);
  expect(files.filter((file) => roomOf(file) === 'core' && layerOf(file) < 0)).toEqual([]);
});

test('a room imports only the rooms that it may, types included', () => {
  const wrong = files.flatMap((file) =>
    internal(file)
      .filter((target) => roomOf(target) !== roomOf(file))
      .filter((target) => !mayImport(roomOf(file)).includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('nothing in the core imports upwards, types included', () => {
  const wrong = files
    .filter((file) => roomOf(file) === 'core')
    .flatMap((file) =>
      internal(file)
        .filter((target) => layerOf(target) > layerOf(file))
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
