// Packages that a recipe is about and that this one does not depend on.

/** What stands for each: a file of `stubs`. */
export const stubs: Readonly<Record<string, string>> = {
  '@angular/common/http': 'angular-http.ts',
  '@angular/core': 'angular-core.ts',
  '@angular/core/testing': 'angular-core-testing.ts',
  '@opentelemetry/api': 'opentelemetry.ts',
  '@tanstack/react-query': 'tanstack-query.ts',
  pino: 'pino.ts',
  react: 'react.ts',
};

/** For `paths` of a compiler. */
export function stubPaths(folder: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(stubs).map(([name, file]) => [name, [`${folder}/${file}`]]),
  );
}
