// A process that works at a queue of waits, as users have it. It ends with the process that started it.

import { operationWorker } from 'rx-lro/bullmq';
import { restClient } from 'rx-lro/rest';

import { countRoundTrips } from './count-round-trips.js';
import { connectionOf } from './engines.js';
import { ownCosts } from './own-costs.js';
import type { WorkerOptions, WorkerReport } from './worker-options.js';

const {
  engine,
  queue,
  service,
  failures = 0,
  backoff,
  ...limits
} = JSON.parse(process.env['WORKER'] ?? '') as WorkerOptions;

const roundTrips = countRoundTrips();
const client = restClient({ baseUrl: service });
const events = new Map<string, number>();

/** Tells the service that the handler runs. @returns How often it has for this operation. */
async function countRun(run: object): Promise<number> {
  const response = await fetch(`${service}/run`, { method: 'POST', body: JSON.stringify(run) });
  const { runs } = (await response.json()) as { readonly runs: number };
  return runs;
}

const worker = operationWorker({
  queue,
  ...connectionOf(engine),
  ...limits,
  kinds: { usual: { client }, steady: { client, backoff } },
  onDone: async ({ name, key, verdict }) => {
    const { operation, error } = verdict;
    const outcome = operation?.error?.code ?? error?.kind ?? 'done';
    const runs = await countRun({ name, key, outcome: String(outcome) });
    if (runs <= failures) throw new Error('The handler fails.');
  },
  onEvent: ({ type }) => {
    events.set(type, (events.get(type) ?? 0) + 1);
  },
});

const report = (): WorkerReport => ({
  events: Object.fromEntries(events),
  ...ownCosts(roundTrips()),
});

const leave = (): void => process.exit(1);

async function close(): Promise<void> {
  await worker.close();
  process.off('disconnect', leave);
  process.send?.({ kind: 'closed', report: report() });
  // Whatever is left keeps the process alive.
  process.disconnect();
}

process.on('message', ({ kind }: { readonly kind: string }) => {
  if (kind === 'close') void close();
  else process.send?.({ kind: 'report', report: report() });
});
process.once('disconnect', leave);
process.send?.({ kind: 'ready' });
