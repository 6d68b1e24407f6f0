import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { root } from './entry-points.js';

const execute = promisify(execFile);

/**
 * Fetches another release of Node, which npm has as a package.
 *
 * @returns Where it is, or why it could not be fetched.
 */
export async function nodeRelease(
  release: number,
): Promise<{ path: string } | { problem: string }> {
  const own = process.versions.node.split('.')[0];
  if (own === String(release)) return { path: process.execPath };
  const args = [
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
  ];
  const options = { cwd: root, shell: process.platform === 'win32', timeout: 300_000 };
  try {
    const { stdout } = await execute('npm', args, options);
    const path = stdout.trim();
    return path === process.execPath ? { problem: 'there is none for this machine' } : { path };
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return { problem: stderr.trim() || String(error) };
  }
}
