// A program that uses the package: it is compiled against the packed package, by several compilers.

import {
  Code,
  OperationFailedError,
  StatusError,
  findDetail,
  listOperations,
  poll,
  progressOf,
  statusFrom,
  waitForDone,
  type Operation,
  type OperationsClient,
  type PollOptions,
  type Status,
} from 'rx-lro';
import { unpack } from 'rx-lro/any';
import { computeClient } from 'rx-lro/compute';
import { connectClient } from 'rx-lro/connect';
import { fleetClient } from 'rx-lro/fleet';
import { gaxClient } from 'rx-lro/gax';
import { genaiClient } from 'rx-lro/genai';
import { googleapisClient } from 'rx-lro/googleapis';
import { grpcClient } from 'rx-lro/grpc';
import { jobClient } from 'rx-lro/job';
import { durationHistory, learnedBackoff, type DurationHistory } from 'rx-lro/learned';
import { restClient, type RestClientOptions } from 'rx-lro/rest';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { newWait, pollOnce, responseOf, withCancel, type WaitState } from 'rx-lro/step';
import { FakeOperations, VirtualTime, type OperationScript } from 'rx-lro/testing';
import { map, type Observable } from 'rxjs';

interface Book {
  readonly title: string;
}

const options: RestClientOptions = { baseUrl: 'https://library.example.com' };
const rest: OperationsClient = restClient(options);
export const monitors: OperationsClient = statusMonitorClient();

export const jobs: OperationsClient = jobClient({
  get: async (id: string) => ({ id, isOver: true }),
  toOperation: ({ isOver }) => ({ done: isOver }),
});

export const fleet: OperationsClient = fleetClient(rest, {
  callsPerSecond: 5,
  sweep: { parent: 'projects/p', pageSize: 1000 },
});

export const adapters = {
  computeClient,
  connectClient,
  gaxClient,
  genaiClient,
  googleapisClient,
  grpcClient,
  unpack,
} as const;

export const history: DurationHistory = durationHistory(
  { version: 1, kinds: [] },
  { worth: 2_000 },
);

export const learned: PollOptions['backoff'] = learnedBackoff([1_000, 2_000]);

const custom: OperationsClient = {
  get: async ({ name }, { signal }) => {
    signal.throwIfAborted();
    return { name, done: true, response: { title: 'Dune' } };
  },
};

const pollOptions: PollOptions<Book> = {
  response: (value): Book => value as Book,
  backoff: { startingDelay: 100, timeMultiple: 2, maxDelay: 5000, jitter: 'full' },
  timeout: 60_000,
  signal: new AbortController().signal,
};

export const progress: Observable<number | undefined> = poll(rest, 'operations/1').pipe(
  map((operation: Operation) => progressOf(operation)),
);

export async function title(): Promise<string> {
  const book: Book = await waitForDone(custom, 'operations/1', pollOptions);
  return book.title;
}

export async function step(state: WaitState = newWait('operations/1')): Promise<WaitState | Book> {
  const next = await pollOnce(custom, withCancel(state, 'too late'), {
    response: (value) => value as Book,
    timeout: 60_000,
  });
  if (next.verdict === undefined) return next.state;
  return responseOf(next.verdict) ?? { title: '' };
}

export async function names(): Promise<string[]> {
  const all: string[] = [];
  for await (const operation of listOperations(rest, { name: 'operations' })) {
    all.push(operation.name);
  }
  return all;
}

export async function rehearse(): Promise<unknown> {
  const time = new VirtualTime();
  const fake = new FakeOperations({ scheduler: time });
  const script: OperationScript = { duration: 60_000, progress: true, response: 'made' };
  const operation: Operation = fake.start(script);
  fake.fail({ method: 'get', times: 2 });
  const client: OperationsClient = restClient({ ...options, fetch: fake.fetch });
  return time.runUntil(waitForDone(client, operation, { scheduler: time }));
}

export function explain(error: unknown): string {
  const status: Status = statusFrom(error);
  const delay = findDetail(status, 'google.rpc.RetryInfo')?.retryDelay;
  if (error instanceof OperationFailedError) return String(error.operation?.name);
  if (error instanceof StatusError && error.code === Code.UNAVAILABLE) return String(delay);
  return status.message;
}
