import type { Operation } from 'rx-lro';

/**
 * Starts three operations; the second one fails.
 *
 * @param longest - How long the last one takes, in milliseconds.
 */
export function startFilms(baseUrl: string, longest: number): Promise<Operation[]> {
  const error = { code: 9, message: 'The reel is torn.' };
  const scripts = [
    { duration: 3_000, response: 'a short film' },
    { duration: 3_000, error },
    { duration: longest, response: 'a long film' },
  ];
  return Promise.all(
    scripts.map(async (script) => {
      const body = JSON.stringify({ ...script, progress: true });
      const response = await fetch(`${baseUrl}/films`, { method: 'POST', body });
      return (await response.json()) as Operation;
    }),
  );
}
