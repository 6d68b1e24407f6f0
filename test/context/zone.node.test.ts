import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { entryPoints, root } from '../support/entry-points.js';
import { verbs } from './verbs.js';

interface Seen {
  readonly calls: readonly string[];
  readonly events: readonly string[];
}

interface Report {
  readonly verbs: Readonly<Record<string, { readonly a: Seen; readonly b: Seen }>>;
  readonly shared: Readonly<Record<string, readonly string[]>>;
  readonly fleet: { readonly calls: readonly string[]; readonly told: readonly string[] };
}

const program = fileURLToPath(new URL('zone-program.ts', import.meta.url));
const builds = ['zone.js', 'zone.js/node'];
const reports = new Map<string, Report>();

async function run(zone: string): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-lro-zone-'));
  const outfile = join(folder, 'program.mjs');
  try {
    await build({
      entryPoints: [program],
      outfile,
      alias: {
        ...Object.fromEntries(entryPoints.map((each) => [each.name, root + each.source])),
        'zone.js': zone,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      // As Angular builds: zone.js cannot follow a native `await`.
      supported: { 'async-await': false, 'for-await': false, 'async-generator': false },
      logLevel: 'silent',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 60_000 });
    return JSON.parse(stdout) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

beforeAll(async () => {
  for (const zone of builds) reports.set(zone, await run(zone));
}, 180_000);

describe.each(builds)('with %s', (zone) => {
  it.each(verbs)('%s asks and tells in its own zone after a call that hung [report 1]', (verb) => {
    const { a, b } = reports.get(zone)!.verbs[verb]!;
    expect([new Set(a.calls), new Set(a.events)]).toEqual([new Set(['A']), new Set(['A'])]);
    expect([new Set(b.calls), new Set(b.events)]).toEqual([new Set(['B']), new Set(['B'])]);
    expect(Math.min(a.calls.length, b.calls.length)).toBeGreaterThan(1);
  });

  it('two waits that share a signal act each in its own zone, aborted in a third [report 1]', () => {
    const { shared } = reports.get(zone)!;
    expect(Object.keys(shared)).toEqual(['A', 'B']);
    for (const [name, zones] of Object.entries(shared)) {
      expect(new Set(zones)).toEqual(new Set([name]));
    }
  });

  it('a fleet asks and tells in the zone in which it was made', () => {
    const { calls, told } = reports.get(zone)!.fleet;
    expect([new Set(calls), new Set(told)]).toEqual([new Set(['fleet']), new Set(['fleet'])]);
    expect(calls.length).toBeGreaterThan(1);
  });
});
