import { Code } from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import type { FilmKind, Job } from '../job.js';

async function call(path: string, init: RequestInit): Promise<Job> {
  const response = await fetch(`/jobs${path}`, init);
  if (!response.ok) throw response;
  return (await response.json()) as Job;
}

export const startFilm = (kind: FilmKind): Promise<Job> =>
  call('', { method: 'POST', body: JSON.stringify({ kind }) });

/** The films of the server, as operations whose result is the address of the film. */
export const films = jobClient({
  get: (id, { signal }) => call(`/${id}`, { signal }),
  cancel: (id, { signal }) => call(`/${id}/cancel`, { method: 'POST', signal }),
  idOf: ({ id }: Job) => id,
  toOperation: ({ title, state, percent, url, reason }: Job) => ({
    done: state === 'done' || state === 'failed' || state === 'cancelled',
    metadata: { title, isCancelling: state === 'cancelling', progressPercent: percent },
    response: url,
    error:
      state === 'cancelled'
        ? { code: Code.CANCELLED, message: reason }
        : state === 'failed'
          ? (reason ?? 'The server gave no reason.')
          : undefined,
  }),
});
