import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { bundle } from '../package/bundle.js';
import { entryPoints } from '../support/entry-points.js';
import { median } from './statistics.js';
import { table } from './table.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is imported, and what of it one needs to wait for an operation. */
const whole = (entry: string) => ({ name: entry, entry, code: `export * from '${entry}'` });
const peers = [
  { entry: 'google-gax', needed: 'operation', platform: 'node' as const },
  { entry: '@azure/core-lro', needed: 'createHttpPoller' },
  { entry: '@smithy/util-waiter', needed: 'createWaiter' },
  { entry: 'rxjs', needed: 'exhaustMap, filter, firstValueFrom, map, timer' },
].map(({ entry, needed, ...options }) => ({
  name: entry === 'rxjs' ? 'plain RxJS' : entry,
  entry,
  code: `export { ${needed} } from '${entry}'`,
  ...options,
}));
const subjects = [
  {
    name: 'rx-lro, `waitForDone` alone',
    entry: undefined,
    code: `export { waitForDone } from 'rx-lro'`,
  },
  ...entryPoints.map(({ name }) => whole(name)),
  ...peers,
];

/**
 * How large each entry point is in a bundle, and how long it takes to import it from `dist`.
 *
 * @param imports - Of how many the median is given.
 */
export async function sizeTable(imports: number): Promise<string> {
  const times = await importTimes(imports);
  const rows = [];
  for (const { name, entry, code, ...options } of subjects) {
    const alone = name.startsWith('rx-lro') ? await bundle(code) : undefined;
    const all = await bundle(code, { ...options, isWhole: true });
    const time = entry === undefined ? undefined : median(times.get(entry)!);
    rows.push([
      name,
      alone === undefined ? '' : bytes(alone.bytes),
      bytes(all.bytes),
      time === undefined ? '' : `${time.toFixed(0)} ms`,
    ]);
  }
  return table(['', 'alone', 'with all it needs', 'import'], rows);
}

/** Milliseconds in processes that import nothing else, all the packages in turn. */
async function importTimes(rounds: number): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { entry } of subjects) {
      if (entry === undefined) continue;
      times.set(entry, [...(times.get(entry) ?? []), await importTime(entry)]);
    }
  }
  return times;
}

async function importTime(entry: string): Promise<number> {
  const code = `const begun = performance.now();
    await import('${entry}');
    console.log(performance.now() - begun);
    process.exit();`;
  const args = ['--input-type=module', '--eval', code];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  return Number(stdout);
}

const bytes = (value: number): string => `${value.toLocaleString('en')} B`;
