import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../servers/free-port.js';

/** What to do where there is no Redis. */
export const redisHelp = `This example needs Redis, and found none. Either
  - install it: apt-get install redis-server, or brew install redis; nothing has to be started, or
  - run one: docker run --rm -p 6379:6379 redis, and set REDIS_URL=redis://127.0.0.1:6379`;

/**
 * Gives the URL of a Redis: that of REDIS_URL, or of one that is started here on a free port, with its data in a
 * temporary folder, and that ends with this process.
 *
 * @returns undefined where there is none.
 */
export async function redisUrl(): Promise<string | undefined> {
  const { REDIS_URL: given, PATH = '' } = process.env;
  if (given) return given;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const program = folders
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => existsSync(path));
  return program === undefined ? undefined : start(program);
}

async function start(program: string): Promise<string> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'films-redis-'));
  // What a Redis that holds jobs has to have: it never drops keys, and writes each change to its log.
  const settings = ['--maxmemory-policy', 'noeviction', '--appendonly', 'yes', '--save', ''];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const redis = spawn(program, [...place, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => {
    redis.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  redis.unref();
  let output = '';
  redis.stdout.setEncoding('utf8');
  while (!output.includes('Ready to accept connections')) {
    const [text] = (await Promise.race([once(redis.stdout, 'data'), once(redis, 'exit')])) as [
      unknown,
    ];
    if (typeof text !== 'string') throw new Error(`Redis has ended:\n${output}`);
    output += text;
  }
  redis.stdout.destroy();
  return `redis://127.0.0.1:${port}`;
}
