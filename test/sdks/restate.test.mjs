import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { root } from '../support/entry-points.ts';
import { nodeRelease } from '../support/node-release.ts';

// Its SDK needs Node 22.
const node = await nodeRelease(22);
if ('problem' in node) console.log(`Restate: SKIPPED, no Node 22 was fetched: ${node.problem}`);

it.runIf('path' in node)('waits as workflows of Restate, whose worker is killed', async () => {
  const args = ['--import', 'tsx', 'examples/restate/run.ts'];
  const { stdout, stderr } = await promisify(execFile)(node.path, args, { cwd: root });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^The worker was killed \(kill -9\) while it waits for .*1 and .*2\.\n/);
  expect(stdout).toMatch(/\noperations\/1: { minutes: 90 }\noperations\/2: CANCELLED\n$/);
});
