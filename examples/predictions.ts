/** A prediction as Replicate has them, an API of jobs: `npx tsx examples/predictions.ts`. */
import { Code, StatusError, poll, progressOf, waitForDone } from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import { serve } from './quickstart/server.js';

/** A prediction, as far as it is read here. */
interface Prediction {
  readonly id: string;
  readonly status: 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';
  readonly output?: readonly string[] | null;
  readonly error?: string | null;
  readonly logs?: string;
}

// The service on this machine: the prediction `good` is made in four steps, `bad` fails.
let percent = 0;
const server = await serve(async ({ url, method }) => {
  if (url.endsWith('/bad')) {
    return Response.json({ id: 'bad', status: 'failed', error: 'The prompt is empty.' });
  }
  if (method === 'GET') percent = Math.min(percent + 25, 100);
  const isOver = percent === 100;
  return Response.json({
    id: 'good',
    status: isOver ? 'succeeded' : percent === 0 ? 'starting' : 'processing',
    output: isOver ? ['https://example.com/cat.png'] : null,
    logs: ` ${percent}%|███`,
  });
});

async function call(path: string, init: RequestInit): Promise<Prediction> {
  const response = await fetch(`${server.url}/v1/predictions${path}`, init);
  if (!response.ok) throw response;
  return (await response.json()) as Prediction;
}

const predictions = jobClient({
  idOf: ({ id }) => id,
  get: (id, { signal }) => call(`/${id}`, { signal }),
  cancel: (id, { signal }) => call(`/${id}/cancel`, { signal, method: 'POST' }),
  toOperation: ({ status, output, error, logs = '' }: Prediction) => ({
    done: !['starting', 'processing'].includes(status),
    response: output ?? [],
    // The last line of a progress bar says how far it is.
    metadata: {
      progressPercent: Number(
        logs
          .match(/(\d+)%/g)
          ?.at(-1)
          ?.slice(0, -1) ?? 0,
      ),
    },
    error: ['canceled', 'aborted'].includes(status)
      ? { code: Code.CANCELLED, message: 'The prediction was cancelled.' }
      : status === 'failed'
        ? (error ?? 'The prediction failed.')
        : undefined,
  }),
});

const options = { backoff: { startingDelay: 20 } };

// What the start call answers with becomes a snapshot.
const started = predictions.operation(await call('', { method: 'POST' }));
await poll(predictions, started, options).forEach((operation) => {
  console.log(`${operation.name}: ${Math.round((progressOf(operation) ?? 0) * 100)} %`);
});
console.log('The picture:', (await waitForDone(predictions, 'good', options))?.[0]);

await waitForDone(predictions, 'bad', options).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`bad: ${error.status.message}`);
});

await server.close();
