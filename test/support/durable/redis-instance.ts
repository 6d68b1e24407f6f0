import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Engine } from './engine.js';
import { findProgram } from './find-program.js';
import { freePort, isListening } from '../free-port.js';
import { endProcess, startProgram, type Spawned } from './processes.js';
import { until } from './until.js';

/** Whether redis-server is on this machine. */
export function isRedisAvailable(): boolean {
  return findProgram('redis-server') !== undefined;
}

/** Starts a Redis that survives SIGKILL, as one that holds jobs has to be set up. */
export async function startRedis(): Promise<Engine> {
  const program = findProgram('redis-server');
  if (program === undefined) throw new Error('redis-server is not on this machine.');
  const folder = await mkdtemp(join(tmpdir(), 'rx-lro-redis-'));
  const port = await freePort();
  const args = Object.entries({
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
  }).flatMap(([name, value]) => [`--${name}`, value]);

  const serve = async (): Promise<Spawned> => {
    const started = startProgram(program, args);
    await until(
      async () => {
        if (started.hasEnded()) throw new Error(`Redis has ended:\n${started.output()}`);
        // It listens before it has read its data; then it says so.
        return started.output().includes('Ready to accept connections') && isListening(port);
      },
      { within: 30_000, what: 'Redis is ready' },
    );
    return started;
  };

  let server = await serve();
  return {
    kind: 'redis',
    port,
    pid: () => server.pid,
    kill: () => endProcess(server, 'SIGKILL'),
    restart: async () => {
      server = await serve();
    },
    stop: async () => {
      await endProcess(server, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
