import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url)).replaceAll('\\', '/');

/** What users import. */
export interface EntryPoint {
  /** As it is imported: `rx-lro/rest`. */
  readonly name: string;
  /** Its source, seen from the root: `src/clients/rest/index.ts`. */
  readonly source: string;
}

const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, string | { readonly import: { readonly default: string } }>;
};

/** All entry points that package.json names, the core first. */
export const entryPoints: readonly EntryPoint[] = Object.entries(exports).flatMap(
  ([path, target]) => {
    if (typeof target === 'string') return [];
    const source = target.import.default.replace(/^\.\/dist\/esm\/(.*)\.js$/, 'src/$1.ts');
    return [{ name: `rx-lro${path.slice(1)}`, source }];
  },
);
