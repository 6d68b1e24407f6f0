import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether this is `npm run test:all`, as vitest.config.ts tells every environment. */
    readonly isFullRun: boolean;
  }
}

/**
 * How often a test repeats what it does with other values, or how many it takes: all that it is given in
 * `npm run test:all`, and a fifth in `npm test`.
 */
export function repeats(count: number): number {
  return inject('isFullRun') ? count : Math.ceil(count / 5);
}
