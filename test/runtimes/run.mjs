// Runs the core's tests on other releases of Node, which npm has as packages.

import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const releases = [22, 24, 26];

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const windows = process.platform === 'win32';
const vitest = [
  'run',
  '--mode=full',
  '--project=node',
  '--typecheck.enabled=false',
  '--reporter=dot',
  'test/core',
];

let failed = false;

for (const release of releases) {
  const fetched = fetchNode(release);
  if (fetched.problem !== undefined) {
    console.log(`Node ${release}: SKIPPED, it could not be fetched: ${fetched.problem}`);
    continue;
  }
  console.log(`Node ${release}: ${fetched.version}`);
  const { status } = spawnSync(
    fetched.path,
    [resolve(root, 'node_modules/vitest/vitest.mjs'), ...vitest],
    { cwd: root, stdio: 'inherit' },
  );
  console.log(`Node ${release}: ${status === 0 ? 'passed' : 'FAILED'}`);
  if (status !== 0) failed = true;
}

if (failed) process.exitCode = 1;

function fetchNode(release) {
  const { status, stdout, stderr, error } = spawnSync(
    'npm',
    [
      'exec',
      '--yes',
      '--loglevel=error',
      '--prefer-offline',
      '--fetch-retries=1',
      `--package=node@${release}`,
      '--',
      'node',
      '--print',
      'JSON.stringify({path:process.execPath,version:process.version})',
    ],
    { cwd: root, encoding: 'utf8', shell: windows, timeout: 300_000 },
  );
  if (error !== undefined) return { problem: error.message };
  if (status !== 0) return { problem: stderr.trim().split('\n')[0] || `npm ended with ${status}` };
  const found = JSON.parse(stdout);
  // Where the package has no binary for this machine, npm runs the node that is there anyway.
  if (!found.version.startsWith(`v${release}.`)) return { problem: `got ${found.version}` };
  return found;
}
