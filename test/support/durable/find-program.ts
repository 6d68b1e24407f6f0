import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is, or undefined: in PATH, in /usr/bin, or in one of more folders. */
export function findProgram(name: string, more: readonly string[] = []): string | undefined {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...inPath, '/usr/bin', ...more]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Where Debian keeps the programs of PostgreSQL, the latest version first. */
export function postgresFolders(): string[] {
  const folder = '/usr/lib/postgresql';
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(folder, version, 'bin'));
}
