import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from 'pg';

import type { Engine } from './engine.js';
import { findProgram, postgresFolders } from './find-program.js';
import { freePort } from '../free-port.js';
import { endProcess, startProgram, type Spawned } from './processes.js';
import { until } from './until.js';

const run = promisify(execFile);

const findPostgres = (name: string): string | undefined => findProgram(name, postgresFolders());

/** Who PostgreSQL runs as. It refuses to run as root. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** Whether PostgreSQL's server is on this machine. */
export function isPostgresAvailable(): boolean {
  return findPostgres('initdb') !== undefined && findPostgres('postgres') !== undefined;
}

/**
 * Starts a PostgreSQL with data of its own. It never touches the service of the system.
 *
 * @param survives - What it survives. What is written reaches the disk only where that is a power cut: it takes time
 * that differs widely from machine to machine.
 */
export async function startPostgres(
  survives: 'SIGKILL' | 'a power cut' = 'SIGKILL',
): Promise<Engine> {
  const [initdb, postgres] = [findPostgres('initdb'), findPostgres('postgres')];
  if (initdb === undefined || postgres === undefined) {
    throw new Error('PostgreSQL is not on this machine.');
  }
  const user = await ownUser();
  const folder = await mkdtemp(join(tmpdir(), 'rx-lro-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder };
  await run(
    initdb,
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--locale', 'C'],
    options,
  );
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    `fsync=${survives === 'a power cut' ? 'on' : 'off'}`,
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];

  const serve = async (): Promise<Spawned> => {
    let started = startProgram(postgres, args, options);
    await until(
      async () => {
        // Processes of one that was killed may hold the shared memory for a moment.
        if (started.hasEnded()) started = startProgram(postgres, args, options);
        return answers(port);
      },
      { within: 30_000, what: 'PostgreSQL answers', every: 100 },
    );
    return started;
  };

  let server = await serve();
  const kill = async (): Promise<void> => {
    const children = childrenOf(server.pid);
    await endProcess(server, 'SIGKILL');
    for (const pid of children) killNow(pid);
  };
  return {
    kind: 'postgres',
    port,
    pid: () => server.pid,
    kill,
    restart: async () => {
      server = await serve();
    },
    stop: async () => {
      // Ends its children as well, without a checkpoint.
      await endProcess(server, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ownUser(): Promise<User> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string): Promise<number> => {
    const { stdout } = await run('id', [flag, 'postgres']);
    return Number(stdout);
  };
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Linux only: elsewhere they end by themselves when they find that their parent has gone. */
function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
