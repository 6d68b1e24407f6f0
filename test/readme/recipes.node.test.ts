import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { waitForDone, type Operation, type OperationEvent, type OperationsClient } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { effectScope, ref } from 'vue';
import { afterAll, describe, expect, test } from 'vitest';

import { readmeBlocks, root } from './blocks.js';
import { compile } from './compile.js';
import { stubs } from './stubs.js';
import type * as OpenTelemetry from './stubs/opentelemetry.js';
import type * as React from './stubs/react.js';

const recipes = readmeBlocks.filter(
  ({ file, info }) => file.startsWith('examples/') && info === 'ts',
);
const compiled = compile(recipes);

afterAll(() => {
  rmSync(compiled.folder, { recursive: true, force: true });
});

/** The script of the recipe that imports a package. */
function scriptWith(name: string): string {
  const recipe = recipes.find(({ code }) => code.includes(`from '${name}'`));
  return compiled.scripts.get(recipe!)!;
}

const importFile = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
const importStub = (name: string): Promise<unknown> =>
  importFile(join(compiled.folder, 'out/test/readme/stubs', stubs[name]!.replace('.ts', '.js')));

/** Lets everything that is due happen. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A service with an operation that is done and one that is unknown. */
function service(): { client: OperationsClient; fake: FakeOperations } {
  const fake = new FakeOperations();
  fake.start({ name: 'operations/done', response: 'film' });
  fake.start({ name: 'operations/running' });
  return { client: fake.client, fake };
}

describe('the hook for React', async () => {
  interface Shown {
    readonly operation: Operation | undefined;
    readonly error: unknown;
    readonly cancel: () => void;
  }
  const { useOperation } = (await importFile(scriptWith('react'))) as {
    useOperation: (client: OperationsClient, name: string) => Shown;
  };
  const { mount } = (await importStub('react')) as typeof React;

  function watch(name: string) {
    const { client, fake } = service();
    const seen: Shown[] = [];
    const component = mount(
      (each: string) => useOperation(client, each),
      name,
      (shown) => seen.push(shown),
    );
    return { component, seen, fake };
  }

  test('shows each snapshot', async () => {
    const { seen, component } = watch('operations/done');
    expect(seen[0]?.operation).toBeUndefined();
    await settled();
    expect(seen.at(-1)?.operation?.response).toBe('film');
    component.unmount();
  });

  test('shows nothing of the operation before once the name has changed', async () => {
    const { seen, component } = watch('operations/unknown');
    await settled();
    expect(seen.at(-1)?.error).toBeDefined();
    const before = seen.length;
    component.update('operations/done');
    await settled();
    expect(seen.slice(before).map(({ error }) => error)).toEqual(
      seen.slice(before).map(() => undefined),
    );
    expect(seen.at(-1)?.operation?.name).toBe('operations/done');
    const later = seen.length;
    component.update('operations/running');
    expect(seen[later]?.operation).toBeUndefined();
    component.unmount();
  });

  test('cancels on demand, and cancels nothing when it is unmounted', async () => {
    const left = watch('operations/running');
    await settled();
    left.component.unmount();
    await settled();
    expect(left.fake.calls.map(({ method }) => method)).toEqual(['get']);

    const other = watch('operations/running');
    await settled();
    other.seen.at(-1)?.cancel();
    await settled();
    expect(other.fake.calls.map(({ method }) => method)).toContain('cancel');
    other.component.unmount();
  });
});

test('the composable for Vue follows the name', async () => {
  const { useOperation } = (await importFile(scriptWith('vue'))) as {
    useOperation: (
      client: OperationsClient,
      name: unknown,
    ) => { operation: { value: Operation | undefined }; error: { value: unknown } };
  };
  const { client, fake } = service();
  const name = ref('operations/unknown');
  const scope = effectScope();
  const shown = scope.run(() => useOperation(client, name))!;
  await settled();
  expect(shown.error.value).toBeDefined();
  name.value = 'operations/done';
  await settled();
  expect(shown.error.value).toBeUndefined();
  expect(shown.operation.value?.response).toBe('film');
  name.value = 'operations/running';
  await settled();
  expect(shown.operation.value?.done).toBe(false);
  scope.stop();
  expect(fake.inFlight).toBe(0);
});

test('the spans of OpenTelemetry: one for each request, and each ends once', async () => {
  const { spanPerCall } = (await importFile(scriptWith('@opentelemetry/api'))) as {
    spanPerCall: () => (event: OperationEvent) => void;
  };
  const { spans } = (await importStub('@opentelemetry/api')) as typeof OpenTelemetry;
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  fake.fail({ method: 'get', times: 1 });
  const { name } = fake.start({ duration: 400, response: 'film' });
  await scheduler.runUntil(waitForDone(fake.client, name, { scheduler, onEvent: spanPerCall() }));
  expect(spans).toHaveLength(fake.calls.length);
  expect(spans.map(({ ends }) => ends)).toEqual(spans.map(() => 1));
  expect(spans.map(({ isError }) => isError)).toEqual(spans.map((_, index) => index === 0));
  expect(spans[0]).toMatchObject({
    name: 'operations.get',
    attributes: { 'operation.name': name, attempt: 1 },
  });
});

/** Runs a program of Node: its exit code and what it prints. */
function run(...args: readonly string[]): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env, timeout: 30_000 });
}

test('the recipe for node:test passes', () => {
  const { status, stdout } = run(scriptWith('node:test'));
  expect(stdout).toContain('# pass 1\n');
  expect(status).toBe(0);
});

test('the recipe for fakeAsync passes', () => {
  const script = pathToFileURL(scriptWith('@angular/core/testing')).href;
  const program = `
    import 'zone.js';
    import 'zone.js/testing';
    const { waitsForAFilm } = await import('${script}');
    Zone.root.fork(new Zone.ProxyZoneSpec()).run(waitsForAFilm);
    console.log('passed');
  `;
  expect(run('--input-type=module', '--eval', program)).toMatchObject({
    status: 0,
    stdout: 'passed\n',
    stderr: '',
  });
});
