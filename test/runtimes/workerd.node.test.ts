import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verbs } from '../context/verbs.js';
import { entryPoints, root } from '../support/entry-points.js';

const require = createRequire(import.meta.url);
// The path of its program.
const { default: workerd } = require('workerd') as { default: string };

/** The worker twice: as it is, and with the modules of Node, which are there by default since August 2026. */
const sockets = { plain: '', nodejs_compat: '"nodejs_compat"' };

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${Object.entries(sockets)
    .map(
      ([name, flags]) => `
    (name = "${name}", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = [${flags}],
    ))`,
    )
    .join()}
  ],
  sockets = [${Object.keys(sockets)
    .map((name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`)
    .join()}],
);
`;

const folder = mkdtempSync(join(tmpdir(), 'rx-lro-workerd-'));
const ports = new Map<string, number>();
let runtime: ChildProcess | undefined;
let ended: Promise<unknown> | undefined;

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile: join(folder, 'worker.js'),
    alias: Object.fromEntries(entryPoints.map((each) => [each.name, root + each.source])),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'silent',
  });
  writeFileSync(join(folder, 'config.capnp'), config);
  // It tells on the fourth descriptor which ports it was given.
  runtime = spawn(workerd, ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  ended = once(runtime, 'exit');
  for await (const line of createInterface(runtime.stdio[3] as Readable)) {
    const { socket, port } = JSON.parse(line) as { socket: string; port: number };
    ports.set(socket, port);
    if (ports.size === Object.keys(sockets).length) break;
  }
}, 60_000);

afterAll(async () => {
  runtime?.kill();
  await ended;
  rmSync(folder, { recursive: true });
});

/** Sends a request to the worker; one that is not answered in time is an answer too. */
async function request(socket: string, path: string): Promise<unknown> {
  const url = `http://127.0.0.1:${ports.get(socket)}/${path}`;
  const signal = AbortSignal.timeout(15_000);
  try {
    const response = await fetch(url, { signal });
    return response.ok ? await response.json() : `${response.status} ${await response.text()}`;
  } catch (error) {
    return String(error);
  }
}

describe.each(Object.keys(sockets))('a worker, %s [report 2]', (socket) => {
  it.each([...verbs.map(([verb]) => verb), 'pollOnce', 'fleetClient'])(
    'answers two requests at once by %s, though the first call of the second hangs',
    async (verb) => {
      const waits = ['poll', 'waitForDone', 'pollOnce', 'fleetClient'].includes(verb);
      // The first request goes on for longer than the second one's call may take.
      const first = request(socket, waits ? `${verb}?doneAt=20` : `${verb}?hangs`);
      await sleep(20);
      const second = request(socket, `${verb}?hangs`);
      const calls = expect.toSatisfy((count: number) => count > 1) as unknown;
      // More than one of the second: its first one was given up.
      expect(await Promise.all([first, second])).toEqual([{ calls }, { calls }]);
    },
  );
});

it('makes the calls of a fleet in the context in which it was made', async () => {
  expect(await request('nodejs_compat', 'fleetContexts')).toEqual({
    contexts: ['fleet', 'fleet', 'fleet', 'fleet'],
  });
});
