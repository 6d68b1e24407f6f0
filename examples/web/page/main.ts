/** The page: it starts films and shows them, those from before a reload as well. */
import type { FilmKind, Job } from '../job.js';
import { startFilm } from './films.js';
import { forgetName, keepName, keptNames } from './names.js';
import type { View } from './view.js';
import { watchFilm, type Watch } from './watch.js';

const byId = (id: string): HTMLElement => document.querySelector<HTMLElement>(`#${id}`)!;
const list = byId('films');
const form = byId('start') as HTMLFormElement;
const startButton = byId('start-button') as HTMLButtonElement;
const restartButton = byId('restart');
const watches = new Set<Watch>();

function add(film: string | Job): Watch {
  const name = typeof film === 'string' ? film : film.id;
  const watch = watchFilm(film, announce, () => {
    forgetName(name);
    watches.delete(watch);
    watch.element.remove();
    showEmpty();
    startButton.focus();
  });
  watches.add(watch);
  return watch;
}

function announce({ state, title, label, detail }: View): void {
  // A retry or two is nothing that a screen reader should speak about.
  if (state !== 'running' && state !== 'retrying') say(`${title}: ${label} ${detail}`);
}

function say(text: string): void {
  byId('announcements').textContent = text;
}

function showEmpty(): void {
  byId('empty').hidden = watches.size > 0;
}

function showProblem(text: string): void {
  byId('problem').textContent = text;
}

async function start(kind: FilmKind): Promise<void> {
  if (startButton.ariaDisabled === 'true') return;
  startButton.ariaDisabled = 'true';
  showProblem('');
  try {
    const job = await startFilm(kind);
    keepName(job.id);
    list.prepend(add(job).element);
    showEmpty();
    say(`${job.title}: started.`);
  } catch {
    showProblem('The film did not start: the server does not answer. Try again in a moment.');
  } finally {
    startButton.ariaDisabled = 'false';
  }
}

async function restart(): Promise<void> {
  showProblem('');
  try {
    await fetch('/restart', { method: 'POST' });
    say('The server restarts.');
  } catch {
    showProblem('The server does not answer.');
  }
}

function showNetwork(): void {
  byId('offline').hidden = navigator.onLine;
  for (const watch of watches) watch.refresh();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void start(new FormData(form).get('kind') as FilmKind);
});
restartButton.addEventListener('click', () => void restart());
window.addEventListener('online', showNetwork);
window.addEventListener('offline', showNetwork);

list.append(...keptNames().map((name) => add(name).element));
showEmpty();
showNetwork();
