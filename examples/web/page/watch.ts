import { poll, type OperationEvent } from 'rx-lro';
import { awake } from '../../browser/awake.js';
import type { Job } from '../job.js';
import { makeCard } from './card.js';
import { films } from './films.js';
import { viewOf, type Facts, type View } from './view.js';

/** One film on the page. */
export interface Watch {
  readonly element: HTMLElement;
  /** Shows it again, since the network came or went. */
  refresh(): void;
}

/**
 * Shows a film until the server says how it ended.
 *
 * @param film - Its name, or what the start call answered.
 * @param onState - Called when the film is in another state.
 * @param onRemove - Called when the user removes it.
 */
export function watchFilm(
  film: string | Job,
  onState: (view: View) => void,
  onRemove: () => void,
): Watch {
  let facts: Facts = { isCancelRequested: false };
  let requests = { made: 0, retried: 0 };
  let state: View['state'] = 'running';
  let abort = new AbortController();
  const card = makeCard({ cancel, retry, remove: onRemove });

  function show(change: Partial<Facts>): void {
    facts = { ...facts, ...change };
    const view = viewOf(facts, navigator.onLine);
    card.show(view, requests);
    if (view.state === state) return;
    state = view.state;
    onState(view);
  }

  function hear(event: OperationEvent): void {
    if (event.type === 'call') requests = { ...requests, made: requests.made + 1 };
    if (event.type === 'failure') show({ failure: event.error });
    if (event.type === 'retry') {
      requests = { ...requests, retried: requests.retried + 1 };
      show({ isRetrying: true });
    }
    if (event.type === 'answer') show({ isRetrying: false });
  }

  function begin(operation: Parameters<typeof poll>[1]): void {
    poll(films, operation, {
      signal: abort.signal,
      notifier: awake(),
      backoff: { startingDelay: 500, timeMultiple: 1 },
      retry: { maxDelay: 3_000, numOfAttempts: Infinity },
      onEvent: hear,
    }).subscribe({
      next: (snapshot) => show({ operation: snapshot }),
      error: (error: unknown) => show({ lost: error }),
    });
  }

  // The signal cancels the film on the server; the wait goes on, for what the server says.
  function cancel(): void {
    show({ isCancelRequested: true });
    abort.abort();
  }

  function retry(): void {
    abort = new AbortController();
    show({ lost: undefined, isRetrying: false, isCancelRequested: false });
    begin(name);
  }

  const name = typeof film === 'string' ? film : film.id;
  show({});
  begin(typeof film === 'string' ? film : films.operation(film));
  return { element: card.element, refresh: () => show({}) };
}
