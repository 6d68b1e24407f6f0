import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Film } from './job.js';

const mostFilms = 200;

/** The films in a file, by their ids: they outlive the process of the server. */
export interface FilmFile {
  get(id: string): Film | undefined;
  set(film: Film): void;
  count(): number;
}

/** Reads the file, if there is one. Each change is written before it is answered. */
export function openFilmFile(path: string): FilmFile {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Film[]) : [];
  const films = new Map(kept.map((film) => [film.id, film]));
  return {
    get: (id) => films.get(id),
    count: () => films.size,
    set(film) {
      films.set(film.id, film);
      const latest = [...films.values()].slice(-mostFilms);
      // Renamed, because a process that is killed while it writes leaves half a file.
      writeFileSync(`${path}.new`, JSON.stringify(latest));
      renameSync(`${path}.new`, path);
    },
  };
}
