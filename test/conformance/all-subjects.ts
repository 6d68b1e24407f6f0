import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { ConformanceSubject } from 'rx-lro/testing';

const folder = fileURLToPath(new URL('subjects/', import.meta.url));

/** Loads every file of `subjects`, in the order of their names. */
export async function allSubjects(): Promise<readonly ConformanceSubject[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
  const modules = await Promise.all(
    files.map(async (file) => {
      const module: unknown = await import(pathToFileURL(folder + file).href);
      return (module as { readonly subjects: readonly ConformanceSubject[] }).subjects;
    }),
  );
  return modules.flat();
}
