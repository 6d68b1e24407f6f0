import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const page = (file: string): string => fileURLToPath(new URL(`page/${file}`, import.meta.url));

/** What a path of the page answers. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** The files of the page, by their paths; the script is bundled from `page/main.ts`. */
export async function pageAssets(): Promise<ReadonlyMap<string, Asset>> {
  const bundle = await build({
    entryPoints: [page('main.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outfile: 'main.js',
  });
  return new Map([
    ['/', { type: 'text/html', body: await readFile(page('index.html'), 'utf8') }],
    ['/icon.svg', { type: 'image/svg+xml', body: filmPicture }],
    ['/style.css', { type: 'text/css', body: await readFile(page('style.css'), 'utf8') }],
    ['/main.js', { type: 'text/javascript', body: bundle.outputFiles[0]?.text ?? '' }],
  ]);
}

/** The film itself: a sun that sets. */
export const filmPicture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">
  <rect width="160" height="90" fill="#1d2b53" />
  <circle cx="80" cy="40" r="16" fill="#ffb454">
    <animate attributeName="cy" values="30;110;30" dur="8s" repeatCount="indefinite" />
  </circle>
  <path d="M0 72 Q40 60 80 70 T160 66 V90 H0 Z" fill="#0b132b" />
</svg>`;
