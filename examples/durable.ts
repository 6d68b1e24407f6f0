/**
 * Waits that outlive a process: two workers, of which one is killed, and a web server. It needs Redis:
 * `npm run example:durable`. It ends by itself in about half a minute.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import type { Operation } from 'rx-lro';
import { redisHelp, redisUrl } from './durable/redis.js';
import { View, type Film, type WorkerView } from './durable/view.js';

const redis = await redisUrl();
if (redis === undefined) {
  console.error(redisHelp);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const queue = `films-${process.pid}`;
const environment: NodeJS.ProcessEnv = { ...process.env, REDIS: redis, QUEUE: queue };
const run = (path: string): ChildProcess =>
  fork(fileURLToPath(new URL(path, import.meta.url)), { env: environment });
const urlOf = async (server: ChildProcess): Promise<string> => {
  const [{ url }] = (await once(server, 'message')) as [{ readonly url: string }];
  return url;
};

const service = run('servers/films.ts');
environment['SERVICE_URL'] = `${await urlOf(service)}/v1`;
const web = run('durable/web.ts');
const webUrl = `${await urlOf(web)}/films`;

const view = new View(process.stdout);
const films: Film[] = [];
const handled = new Set<string>();
const workers: WorkerView[] = [];

function startWorker(title: string): ChildProcess {
  const shown: WorkerView = { title, calls: 0, state: 'runs' };
  workers.push(shown);
  const worker = run('durable/worker.ts');
  worker.on('message', ({ asked, key }: { readonly asked?: string; readonly key?: string }) => {
    if (key !== undefined) handled.add(key);
    if (asked === undefined) return;
    shown.calls += 1;
    const film = films.find(({ name }) => name === asked);
    if (film !== undefined) film.by = title;
  });
  worker.once('exit', (code, signal) => (shown.state = signal ?? `exit code ${code}`));
  return worker;
}

async function startFilm(duration: number, response: string): Promise<Film> {
  const body = JSON.stringify({ duration, progress: true, response });
  const started = await fetch(webUrl, { method: 'POST', body });
  const film = { name: ((await started.json()) as Operation).name };
  films.push(film);
  return film;
}

async function resultOf(film: Film): Promise<void> {
  const response = await fetch(`${webUrl}/${film.name}/result`);
  film.result = ((await response.json()) as { readonly result: string }).result;
}

/** Draws until all are done. */
async function draw(): Promise<void> {
  let running: readonly Film[];
  do {
    running = films.filter(({ operation }) => operation?.done !== true);
    await Promise.all(running.map(update));
    view.draw(films, workers);
    await setTimeout(250);
  } while (running.length > 0);
}

async function update(film: Film): Promise<void> {
  const response = await fetch(`${webUrl}/${film.name}`);
  film.operation = (await response.json()) as Operation;
}

const first = startWorker('worker 1');
const second = startWorker('worker 2');
await Promise.all([once(first, 'message'), once(second, 'message')]);
for (let seconds = 5; seconds < 16; seconds += 1) {
  await startFilm(seconds * 1_000, `a film of ${seconds} seconds`);
}
const endless = await startFilm(600_000, 'a film of ten minutes');
view.say(
  `${films.length} films are being made. Two workers ask about them, and a web server waits for them.`,
);
const results = Promise.all(films.map(resultOf));
const drawn = draw();

await setTimeout(4_000);
first.kill('SIGKILL');
await once(first, 'exit');
view.say('Worker 1 was killed (kill -9). Worker 2 goes on with all of them.');

await setTimeout(2_000);
await fetch(`${webUrl}/${endless.name}`, { method: 'DELETE' });
view.say(`The web server has ${endless.name} cancelled.`);

await Promise.all([results, drawn]);
// The handlers run once the verdict is kept, which is when it is told.
while (handled.size < films.length) await setTimeout(50);
for (const { name, result } of films) view.say(`  ${name}: ${result}`);
for (const { title, calls, state } of workers) view.say(`${title}: ${calls} calls, ${state}`);
view.say(`${films.length} films, ${handled.size} handled.`);

for (const child of [second, web, service]) {
  child.disconnect();
  await once(child, 'exit');
}
// It is a queue of this run alone.
const leftover = new Queue(queue, { connection: { url: redis } });
await leftover.obliterate({ force: true });
await leftover.close();
process.exit();
