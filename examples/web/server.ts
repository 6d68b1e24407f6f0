/**
 * The server of the page: `POST /jobs` starts a film, `GET /jobs/ID` tells how far it is, `POST /jobs/ID/cancel` cancels
 * it, `POST /restart` ends the process. Environment: PORT, and FILMS, the file that keeps the films.
 */
import { randomUUID } from 'node:crypto';
import { serve } from '../quickstart/server.js';
import { filmPicture, pageAssets } from './assets.js';
import { openFilmFile } from './film-file.js';
import { jobOf, type Film, type FilmKind } from './job.js';

const { PORT = '', FILMS = '' } = process.env;
const kinds: readonly string[] = ['short', 'feature', 'faulty'] satisfies FilmKind[];
const titles = [
  'The Slow Train',
  'Harbour Lights',
  'A Winter Garden',
  'Paper Moons',
  'The Last Ferry',
  'Salt and Cedar',
  'North of Noon',
  'Two Umbrellas',
];

const films = openFilmFile(FILMS);
const assets = await pageAssets();
let reads = 0;

const server = await serve(async (request) => {
  const { pathname } = new URL(request.url);
  const asset = assets.get(pathname);
  if (request.method === 'GET' && asset !== undefined) return answer(asset.body, asset.type);
  if (request.method === 'POST' && pathname === '/restart') return restart();
  if (request.method === 'POST' && pathname === '/jobs') return start(await request.json());

  const [, collection, id = '', verb] =
    /^\/(jobs|films)\/([\w-]+)(\/cancel)?$/.exec(pathname) ?? [];
  const film = films.get(id);
  if (film === undefined) return failure(404, 'There is no such film.');
  if (collection === 'films') return answer(filmPicture, 'image/svg+xml');
  if (verb === undefined) return read(film);
  return request.method === 'POST' ? cancel(film) : new Response(null, { status: 405 });
}, Number(PORT)).catch((error: unknown) => {
  console.error(`${String(error)}. PORT can name another port.`);
  process.exit(1);
});
process.send?.({ url: server.url });
process.once('disconnect', () => process.exit());

function start(body: unknown): Response {
  const { kind } = body as { readonly kind?: string };
  if (kind === undefined || !kinds.includes(kind)) {
    return failure(400, '`kind` must be short, feature or faulty.');
  }
  const title = titles[films.count() % titles.length] ?? '';
  const film: Film = { id: randomUUID(), title, kind: kind as FilmKind, started: Date.now() };
  films.set(film);
  return Response.json(jobOf(film, Date.now()), { status: 201 });
}

/** Every eighth read fails, as it happens to busy servers: the page retries. */
function read(film: Film): Response {
  reads += 1;
  if (reads % 8 === 0) {
    return failure(503, 'The server is busy.');
  }
  return Response.json(jobOf(film, Date.now()));
}

function cancel(film: Film): Response {
  const requested = { cancelRequested: Date.now(), ...film };
  films.set(requested);
  return Response.json(jobOf(requested, Date.now()));
}

function restart(): Response {
  // After the answer.
  setTimeout(() => process.exit(), 100);
  return Response.json({}, { status: 202 });
}

function failure(status: number, message: string): Response {
  return Response.json({ error: message }, { status });
}

function answer(body: string, type: string): Response {
  return new Response(body, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': "default-src 'self'",
      'cache-control': 'no-store',
    },
  });
}
