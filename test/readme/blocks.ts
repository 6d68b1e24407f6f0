import { readFileSync, readdirSync } from 'node:fs';

import { root } from '../support/entry-points.js';

export { root };

/** A piece of code between fences. */
export interface CodeBlock {
  /** The file, seen from the root. */
  readonly file: string;
  /** The line of its first line of code, from 1 on. */
  readonly line: number;
  /** What follows the opening fence: `ts`, `ts run`, `text` … */
  readonly info: string;
  readonly code: string;
}

/** README.md, the guides of entry points and the recipes, seen from the root. */
export const pages: readonly string[] = [
  'README.md',
  ...filesIn('src', '/README.md'),
  ...filesIn('examples', '.md'),
];

/** All blocks of these pages. */
export const readmeBlocks: readonly CodeBlock[] = pages.flatMap((file) => blocksIn(file));

/** All blocks in the doc comments of the source. */
export const docBlocks: readonly CodeBlock[] = filesIn('src', '.ts').flatMap((file) =>
  blocksIn(file, /^\s*\* ?/),
);

/** What a block prints: the `text` block right after it. */
export function outputOf(block: CodeBlock): CodeBlock | undefined {
  const next = readmeBlocks[readmeBlocks.indexOf(block) + 1];
  return next?.info === 'text' ? next : undefined;
}

/** Tells a block as `README.md:12`, where an editor can jump to. */
export function placeOf({ file, line }: CodeBlock): string {
  return `${file}:${line}`;
}

function filesIn(folder: string, ending: string): string[] {
  return (
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      // Some examples have packages of their own.
      .filter((file) => !/(^|[\\/])node_modules[\\/]/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith(ending))
  );
}

function blocksIn(file: string, prefix: RegExp = /^/): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly info: string; readonly line: number; readonly code: string[] } | undefined;
  for (const [index, raw] of readFileSync(root + file, 'utf8')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.replace(prefix, '');
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) {
      open?.code.push(line);
    } else if (open === undefined) {
      open = { info: fence[1]!.trim(), line: index + 2, code: [] };
    } else {
      blocks.push({ file, line: open.line, info: open.info, code: open.code.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: a fence is not closed`);
  return blocks;
}
