import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { isRedisAvailable } from '../support/durable/redis-instance.js';
import { root } from '../support/entry-points.js';
import { runExample } from '../support/run-example.js';

const { REDIS_URL: _, ...environment } = process.env;

if (!isRedisAvailable()) console.log('The durable example is SKIPPED: redis-server is not here.');

describe.runIf(isRedisAvailable())('the durable example', () => {
  it('loses nothing when one of its workers is killed, and ends by itself', async () => {
    const { code, output, errors } = await runExample('durable');
    expect(errors).toBe('');
    expect(output).toMatch(/\nWorker 1 was killed \(kill -9\)/);
    for (let film = 1; film < 12; film += 1) {
      expect(output).toContain(`  operations/${film}: a film of ${film + 4} seconds\n`);
    }
    expect(output).toMatch(/\n {2}operations\/12: CANCELLED\nworker 1: \d+ calls, SIGKILL\n/);
    expect(output).toMatch(/\nworker 2: \d+ calls, runs\n12 films, 12 handled\.\n$/);
    expect(code).toBe(0);
  }, 90_000);
});

it('says how to get Redis where there is none', () => {
  const args = ['--import', 'tsx', 'examples/durable.ts'];
  const env = { ...environment, PATH: '' };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env });
  expect(String(stderr)).toMatch(/^This example needs Redis[^]*apt-get install redis-server/);
  expect(status).toBe(1);
});
