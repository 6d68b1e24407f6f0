import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build, type Plugin } from 'esbuild';

import { entryPoints, root } from '../support/entry-points.js';

const source = join(root, 'src');

const dependencies: readonly string[] = [
  'abort-controller',
  'bullmq',
  'exponential-backoff',
  'rxjs',
];

interface BundleOptions {
  /** The folders in `src` to bundle, such as `clients/rest`; what is elsewhere is left out. Default: all. */
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
        const target = relative(source, join(resolveDir, path)).replaceAll('\\', '/');
        const isBundled =
          rooms === undefined || rooms.some((room) => target.startsWith(`${room}/`));
        // All by one name: how long the way to a file is says nothing of what is added.
        return isBundled ? undefined : { path: 'rx-lro', external: true };
      });
    },
  };
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    alias: Object.fromEntries(entryPoints.map(({ name, source: file }) => [name, `./${file}`])),
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
