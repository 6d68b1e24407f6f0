// A library that uses the package and leaves its own types to be inferred: the compiler has to write them
// into declarations of its own.

import {
  CallFailedError,
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  ProtocolError,
  StatusError,
  WaitTimeoutError,
  cancelOperation,
  codeFromHttp,
  codeFromName,
  codeName,
  deleteOperation,
  findDetail,
  getOperation,
  httpFromCode,
  isStatusError,
  isTransient,
  listNext,
  listOperations,
  listPages,
  poll,
  progressBackoff,
  progressOf,
  statusFrom,
  waitForDone,
  type BackoffContext,
  type CallOptions,
  type DecodeOptions,
  type Decoder,
  type ErrorDetails,
  type OperationEvent,
  type OperationsClient,
  type PollOptions,
  type StandardSchema,
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
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { newWait, pollOnce, responseOf, withCancel } from 'rx-lro/step';
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

export const deleted = deleteOperation(client, 'operations/1');
export const codes = {
  number: codeFromHttp(503),
  named: codeFromName('UNAVAILABLE'),
  name: codeName(14),
  http: httpFromCode(14),
};

// What narrowing gives has to be told as well, though not each part has a name.
export const details = (['google.rpc.QuotaFailure'] as const).map((type) =>
  findDetail(status, type),
);
export const violationOf = (bad: ErrorDetails['google.rpc.BadRequest']) => bad.fieldViolations?.[0];
export const linkOf = (help: ErrorDetails['google.rpc.Help']) => help.links?.[0];
export const delayOf = (info: ErrorDetails['google.rpc.RetryInfo']) => info.retryDelay;
export const eventsOf = (event: OperationEvent) => ({
  call: event.type === 'call' ? event : undefined,
  answer: event.type === 'answer' ? event : undefined,
  failure: event.type === 'failure' ? event : undefined,
  retry: event.type === 'retry' ? event : undefined,
  delay: event.type === 'delay' ? event : undefined,
  cancel: event.type === 'cancel' ? event : undefined,
  done: event.type === 'done' ? event : undefined,
  mismatch: event.type === 'metadata-mismatch' ? event : undefined,
});
export const errorOf = (error: unknown) => ({
  kind: isStatusError(error) && isTransient(error) ? error.kind : undefined,
  status: error instanceof StatusError ? error : undefined,
  failed: error instanceof OperationFailedError ? error : undefined,
  timeout: error instanceof WaitTimeoutError ? error : undefined,
  cancel: error instanceof CancelNotConfirmedError ? error.failure : undefined,
  protocol: error instanceof ProtocolError ? error : undefined,
});
export const oddError = (...given: ConstructorParameters<typeof ProtocolError>) =>
  new ProtocolError(...given);
export const partsOf = (
  ...[options]:
    | ConstructorParameters<typeof CallFailedError>
    | ConstructorParameters<typeof CancelNotConfirmedError>
    | ConstructorParameters<typeof OperationFailedError>
    | ConstructorParameters<typeof WaitTimeoutError>
) => options;
export const pass = (inner: OperationsClient) => ({
  get: (...given: Parameters<OperationsClient['get']>) => inner.get(...given),
  list: inner.list,
  cancel: inner.cancel,
  delete: inner.delete,
  wait: inner.wait,
  pacing: inner.pacing,
});
export const check = (schema: StandardSchema<Film>) => schema['~standard'].validate({});
export const decoderOf = ({ response }: DecodeOptions<Film>) => response;
export const decoded = (decoder: Decoder<Film>) =>
  poll(client, 'operations/1', { response: decoder, metadata: decoder });
export const slower = (context: BackoffContext) => ({
  operation: context.operation,
  memory: context.memory,
});
export const optionsOf = (options: PollOptions) => ({
  signal: options.signal,
  retry: options.retry,
  backoff: options.backoff,
  onEvent: options.onEvent,
});
export const limitOf = ({ signal, timeout }: CallOptions) => ({ signal, timeout });
export const everything = {
  poll,
  waitForDone,
  getOperation,
  cancelOperation,
  deleteOperation,
  listOperations,
  listPages,
  listNext,
  progressOf,
  progressBackoff,
  isTransient,
  statusFrom,
  findDetail,
};

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
export const monitors = statusMonitorClient<Film>();

export const state = withCancel(newWait('operations/1'), 'too late');
export const step = pollOnce(client, state);
export const decodedStep = pollOnce(client, state, { response: (value) => value as Film });
export const verdictOf = async () => (await step).verdict;
export const responseLater = async () => {
  const { verdict } = await decodedStep;
  return verdict === undefined ? undefined : responseOf(verdict);
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
