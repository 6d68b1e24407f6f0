// How long the command `rx-lro` takes to start, beside Node itself. By hand: node --import tsx test/bench/start.ts
// It measures what is in `dist`.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startHttpServer } from '../support/http-server.js';
import { median } from './statistics.js';
import { table } from './table.js';

const bin = fileURLToPath(new URL('../../dist/cli/rx-lro.js', import.meta.url));

/**
 * Runs each command several times, all in turn.
 *
 * @returns A table of the medians, and of what they are more than that of `node -e 0`.
 */
export async function startTable(rounds: number): Promise<string> {
  const server = await startHttpServer(async () => Response.json({ name: 'a', done: true }));
  const commands = new Map([
    ['`node -e 0`', ['-e', '0']],
    ['`rx-lro --version`', [bin, '--version']],
    ['`rx-lro get`, of a server on this machine', [bin, 'get', `${server.url}/v1/operations/a`]],
  ]);
  const times = new Map([...commands.keys()].map((name) => [name, [] as number[]]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, args] of commands) times.get(name)!.push(await timeOf(args));
    }
  } finally {
    await server.close();
  }
  const medians = [...times].map(([name, each]) => [name, median(each)] as const);
  const [, least] = medians[0]!;
  return table(
    ['', 'median', 'more than Node'],
    medians.map(([name, time]) => [name, ms(time), time === least ? '' : ms(time - least)]),
  );
}

async function timeOf(args: readonly string[]): Promise<number> {
  // No loader of this process: the child is to run what is published.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const begun = performance.now();
  await promisify(execFile)(process.execPath, args, { env });
  return performance.now() - begun;
}

const ms = (time: number): string => `${time.toFixed(0)} ms`;

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await startTable(21));
