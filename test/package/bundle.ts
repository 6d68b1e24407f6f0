import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'src');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};

const dependencies: readonly string[] = ['abort-controller', 'exponential-backoff', 'rxjs'];

/** The entry points, as they are imported: the core first. */
export const entries: readonly string[] = Object.keys(exports).flatMap((path) =>
  /^\.(\/\w+)?$/.test(path) ? [`rx-lro${path.slice(1)}`] : [],
);

interface BundleOptions {
  /** The folders in `src` to bundle; what is elsewhere is left out. Default: all. */
  readonly rooms?: readonly string[];
  /** Whether the dependencies are bundled as well. Default false. */
  readonly isWhole?: boolean;
  /** Default: the browser. */
  readonly platform?: 'browser' | 'node';
}

/** Bundles code that imports `rx-lro` or any other package: its size after gzip, and what is in it. */
export async function bundle(
  code: string,
  { rooms, isWhole = false, platform = 'browser' }: BundleOptions = {},
): Promise<{ bytes: number; modules: string[] }> {
  const elsewhere: Plugin = {
    name: 'elsewhere',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const [room = ''] = relative(source, join(resolveDir, path)).split(/[\\/]/);
        return rooms === undefined || rooms.includes(room) ? undefined : { path, external: true };
      });
    },
  };
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    alias: Object.fromEntries(
      entries.map((entry) => [entry, `./src${entry.slice('rx-lro'.length)}/index.ts`]),
    ),
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform,
    external: isWhole ? [] : dependencies.flatMap((name) => [name, `${name}/*`]),
    plugins: rooms === undefined ? [] : [elsewhere],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  return { bytes: gzipSync(outputFiles[0]?.contents ?? '').length, modules };
}
