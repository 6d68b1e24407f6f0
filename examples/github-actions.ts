/** A run of GitHub Actions, an API of jobs: `npx tsx examples/github-actions.ts`. */
import { Code, StatusError, waitForDone } from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import { serve } from './quickstart/server.js';

/** A workflow run, as far as it is read here. */
interface Run {
  readonly id: number;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'timed_out' | null;
  readonly html_url: string;
}

// GitHub on this machine: run 1 succeeds, run 2 fails, and run 3 goes on until it is cancelled.
const asked = new Map<string, number>();
let isCancelled = false;
const server = await serve(async ({ url, method }) => {
  const [, id = '', action] = /runs\/(\d+)(\/cancel)?$/.exec(url) ?? [];
  if (action !== undefined) {
    isCancelled = method === 'POST';
    return Response.json({}, { status: 202 });
  }
  const times = (asked.get(id) ?? 0) + 1;
  asked.set(id, times);
  // GitHub answers 403 to who asks too often, and says for how long.
  if (times === 1) return new Response('', { status: 403, headers: { 'retry-after': '0' } });
  const isOver = id === '3' ? isCancelled : times > 3;
  const conclusion = { 1: 'success', 2: 'failure', 3: 'cancelled' }[id] ?? null;
  return Response.json({
    id: Number(id),
    status: isOver ? 'completed' : 'in_progress',
    conclusion: isOver ? conclusion : null,
    html_url: `https://github.com/o/r/actions/runs/${id}`,
  });
});

const headers = { accept: 'application/vnd.github+json', authorization: 'Bearer token' };

async function call(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`${server.url}/repos/o/r/actions/runs/${path}`, {
    ...init,
    headers,
  });
  if (response.ok) return response;
  // Too many requests is a failure that passes.
  const status = response.headers.has('retry-after') ? 429 : response.status;
  throw new Response(response.body, { status, headers: response.headers });
}

const runs = jobClient({
  get: async (id, { signal }) => (await (await call(id, { signal })).json()) as Run,
  cancel: (id, { signal }) => call(`${id}/cancel`, { signal, method: 'POST' }),
  toOperation: ({ status, conclusion, html_url }: Run) => ({
    done: status === 'completed',
    metadata: { status, html_url },
    response: conclusion,
    error:
      status !== 'completed' || conclusion === 'success'
        ? undefined
        : conclusion === 'cancelled'
          ? { code: Code.CANCELLED, message: 'The run was cancelled.' }
          : `The run ended with ${conclusion}: ${html_url}`,
  }),
});

const options = { backoff: { startingDelay: 20 }, retry: { startingDelay: 20 } };
console.log('Run 1:', await waitForDone(runs, '1', options));

// A signal cancels the run, so that no runner goes on for nothing.
const signal = AbortSignal.timeout(150);
const failures = [
  waitForDone(runs, '2', options),
  waitForDone(runs, '3', { ...options, signal }),
].map((wait) => wait.catch((error: unknown) => error));
for (const failure of failures) {
  const error = await failure;
  if (!(error instanceof StatusError)) throw error;
  console.log(`Run ${error.operation?.name}: ${error.codeName}: ${error.status.message}`);
}

await server.close();
