/** The films that the server of this example makes, and what its API says of them. */

export type FilmKind = 'short' | 'feature' | 'faulty';

/** A film, as the server keeps it. How far it is follows from the clock, so a restart loses nothing. */
export interface Film {
  readonly id: string;
  readonly title: string;
  readonly kind: FilmKind;
  /** In milliseconds since the epoch. */
  readonly started: number;
  /** When somebody asked to cancel it, in milliseconds since the epoch. */
  readonly cancelRequested?: number;
}

/** What `GET /jobs/ID` answers. */
export interface Job {
  readonly id: string;
  readonly title: string;
  readonly state: 'running' | 'cancelling' | 'cancelled' | 'done' | 'failed';
  readonly percent: number;
  readonly url?: string;
  readonly reason?: string;
}

const lengths: Readonly<Record<FilmKind, number>> = {
  short: 10_000,
  feature: 60_000,
  faulty: 10_000,
};
const faultAt = 0.7;
const cancelTakes = 2_000;

/** What a film is at a given time. A cancel takes two seconds, and loses when the film ends before that. */
export function jobOf({ id, title, kind, started, cancelRequested }: Film, now: number): Job {
  const length = lengths[kind];
  const end = started + (kind === 'faulty' ? length * faultAt : length);
  const stop = cancelRequested === undefined ? Infinity : cancelRequested + cancelTakes;
  const percent = Math.floor(((Math.min(now, end, stop) - started) / length) * 100);
  const job = { id, title, percent };
  if (now >= end && end <= stop) {
    if (kind === 'faulty') {
      return { ...job, state: 'failed', reason: 'The disk was full at scene 7 of 10.' };
    }
    return { ...job, state: 'done', url: `/films/${id}` };
  }
  if (now >= stop) {
    return { ...job, state: 'cancelled', reason: `The server stopped it at ${percent} %.` };
  }
  return { ...job, state: stop < Infinity ? 'cancelling' : 'running' };
}
