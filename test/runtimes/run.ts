// Runs the core's tests on other releases of Node.

import { spawnSync } from 'node:child_process';

import { root } from '../support/entry-points.js';
import { nodeRelease } from '../support/node-release.js';

const releases = [22, 24, 26];

const options = ['--mode=full', '--project=node', '--typecheck.enabled=false', '--reporter=dot'];
const vitest = [`${root}node_modules/vitest/vitest.mjs`, 'run', ...options, 'test/core'];

for (const release of releases) {
  const found = await nodeRelease(release);
  if ('problem' in found) {
    console.log(`Node ${release}: SKIPPED, it could not be fetched: ${found.problem}`);
    continue;
  }
  console.log(`Node ${release}: ${found.path}`);
  const { status } = spawnSync(found.path, vitest, { cwd: root, stdio: 'inherit' });
  console.log(`Node ${release}: ${status === 0 ? 'passed' : 'FAILED'}`);
  if (status !== 0) process.exitCode = 1;
}
