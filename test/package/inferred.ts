// A library that uses the package and leaves its own types to be inferred: the compiler has to write them
// into declarations of its own.

import {
  CallFailedError,
  Code,
  cancelOperation,
  findDetail,
  getOperation,
  listNext,
  listOperations,
  listPages,
  poll,
  progressBackoff,
  progressOf,
  statusFrom,
  waitForDone,
} from 'rx-lro';
import { AnyTypeError, unpack } from 'rx-lro/any';
import { computeClient, computePaths, locatorOf, operationFromCompute } from 'rx-lro/compute';
import { connectClient } from 'rx-lro/connect';
import { WaitForAllError, fleetClient, waitForAll } from 'rx-lro/fleet';
import { gaxClient, gaxOperation } from 'rx-lro/gax';
import { genaiClient } from 'rx-lro/genai';
import { googleapisClient } from 'rx-lro/googleapis';
import { grpcClient } from 'rx-lro/grpc';
import { jobClient } from 'rx-lro/job';
import { durationHistory, learnedBackoff } from 'rx-lro/learned';
import { HttpError, dnsPaths, restClient } from 'rx-lro/rest';
import {
  FakeOperations,
  VirtualTime,
  conformanceScenarios,
  conformanceTable,
  plainOf,
  runConformance,
  runScenario,
} from 'rx-lro/testing';

interface Film {
  readonly url: string;
}

export const client = restClient<Film>({ baseUrl: 'https://films.example.com', paths: dnsPaths });
export const snapshots = poll(client, 'operations/1', { response: (value) => value as Film });
export const film = waitForDone(client, 'operations/1');
export const filmOf = async (name: string) => ({ name, film: await waitForDone(client, name) });
export const operation = getOperation(client, 'operations/1');
export const cancelled = cancelOperation(client, 'operations/1');
export const operations = listOperations(client, { name: 'operations' });
export const pages = listPages(client, { name: 'operations' });
export const next = listNext({ name: 'operations' }, { operations: [], nextPageToken: 'a' });
export const backoff = progressBackoff({ maxDelay: 1_000 });
export const status = statusFrom(new Error('gone'));
export const retryInfo = findDetail(status, 'google.rpc.RetryInfo');
export const progress = progressOf({ name: 'operations/1', done: false });
export const unavailable = Code.UNAVAILABLE;
export class LostError extends CallFailedError {}

export const decode = unpack('films.Film', (bytes) => bytes.length);
export const isAnyTypeError = (error: unknown) =>
  error instanceof AnyTypeError ? error : undefined;

export const compute = { computePaths, locatorOf, operationFromCompute, computeClient };
export const fleet = fleetClient(client, { callsPerSecond: 5 });
export const films = waitForAll(fleet, ['operations/1', 'operations/2']);
export const failuresOf = (error: unknown) =>
  error instanceof WaitForAllError ? error.failures : undefined;
export const adapters = {
  connectClient,
  gaxClient,
  gaxOperation,
  genaiClient,
  googleapisClient,
  grpcClient,
};
export const jobs = jobClient({
  get: async (id: string) => ({ id, isOver: true }),
  toOperation: ({ isOver }) => ({ done: isOver }),
});
export const history = durationHistory();
export const learned = learnedBackoff([1_000, 2_000]);
export const httpErrorOf = (error: unknown) => (error instanceof HttpError ? error : undefined);

export const time = new VirtualTime();
export const fake = new FakeOperations({ scheduler: time });
export const parts = {
  client: fake.client,
  fetch: fake.fetch,
  connect: fake.connect,
  grpc: fake.grpc,
};
export class Films extends FakeOperations {}
export const conformance = { conformanceScenarios, conformanceTable, runConformance, runScenario };
export const plain = plainOf;
