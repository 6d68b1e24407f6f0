import { spawnSync } from 'node:child_process';

import { root } from './entry-points.js';

/**
 * Fetches another release of Node, which npm has as a package.
 *
 * @returns Where it is, or why it could not be fetched.
 */
export function nodeRelease(release: number): { path: string } | { problem: string } {
  const own = process.versions.node.split('.')[0];
  if (own === String(release)) return { path: process.execPath };
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
      'process.execPath',
    ],
    { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', timeout: 300_000 },
  );
  if (error !== undefined) return { problem: error.message };
  if (status !== 0) return { problem: stderr.trim() || `npm ended with ${status}` };
  const path = stdout.trim();
  return path === process.execPath ? { problem: 'there is none for this machine' } : { path };
}
