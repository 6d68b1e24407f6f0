import { Subject, lastValueFrom } from 'rxjs';
import {
  OperationFailedError,
  StatusError,
  WaitTimeoutError,
  codeName,
  deleteOperation,
  findDetail,
  getOperation,
  listPages,
  poll,
  waitForDone,
  type Operation,
} from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import { restClient, type RestClient } from 'rx-lro/rest';
import { FakeOperations } from 'rx-lro/testing';
import { seconds, type Display } from './display.js';
import { noteEvents, showVerdict } from './notes.js';
import { serve } from './server.js';

/** What the operations of the tour make. */
interface Translation {
  readonly pages: number;
}

/** What each part of the tour works with. */
interface Stage {
  readonly display: Display;
  /** The server's side of it: where operations are started, and faults are set. */
  readonly service: FakeOperations;
  readonly baseUrl: string;
  readonly client: RestClient<Translation>;
}

const parent = 'projects/demo';

/** Shows, part by part, what can be done with an operation. */
export async function takeTour(display: Display): Promise<void> {
  const start = performance.now();
  const service = new FakeOperations({ parent, latency: 20 });
  const server = await serve(service.fetch);
  try {
    const baseUrl = server.url;
    const client = restClient<Translation>({ baseUrl });
    const stage: Stage = { display, service, baseUrl, client };
    display.heading(`A tour of rx-lro, on a fake service at ${baseUrl}`);
    await awaitToResponse(stage);
    await cancel(stage);
    await learnWhyItFailed(stage);
    await resumeByName(stage);
    await list(stage);
    await forget(stage);
    await followJob(stage);
    await beTold(stage);
  } finally {
    await server.close();
  }
  const time = seconds(performance.now() - start);
  display.heading(`That was all: ${service.calls.length} calls in ${time}.`);
}

async function awaitToResponse({ display, service, client }: Stage): Promise<void> {
  show(display, '1. Await an operation to its response, whatever happens on the way', [
    'const snapshots = poll(client, operation, { onEvent }).pipe(showProgress);',
    'const response = await waitForDone(snapshots);',
  ]);
  const { showProgress } = display;
  const onEvent = noteEvents(display);
  const operation = service.start({ duration: 1500, progress: true, response: { pages: 12 } });
  service.fail({ method: 'get' });

  const snapshots = poll(client, operation, { onEvent }).pipe(showProgress);
  const response = await waitForDone(snapshots);
  display.line('success', `${response.pages} pages translated, in spite of the failure`);
}

async function cancel({ display, service, client }: Stage): Promise<void> {
  show(display, '2. Cancel one by an AbortSignal, and learn what the server says to that', [
    'const signal = AbortSignal.timeout(600);',
    'const snapshots = poll(client, operation, { signal, onEvent }).pipe(showProgress);',
    'const verdict = await lastValueFrom(snapshots);',
  ]);
  const { showProgress } = display;
  const onEvent = noteEvents(display);
  const operation = service.start({ duration: 3000, progress: true, cancelAfter: 300 });

  const signal = AbortSignal.timeout(600);
  const snapshots = poll(client, operation, { signal, onEvent }).pipe(showProgress);
  const verdict = await lastValueFrom(snapshots);
  showVerdict(display, verdict);
}

async function learnWhyItFailed({ display, service, client }: Stage): Promise<void> {
  show(display, '3. Learn why one failed', [
    'try { await waitForDone(client, operation); } catch (error) {',
    '  if (!(error instanceof OperationFailedError)) throw error;',
    "  const badRequest = findDetail(error, 'google.rpc.BadRequest');",
  ]);
  const operation = service.start({ duration: 600, error: unsupportedLanguage });

  try {
    await waitForDone(client, operation);
  } catch (error) {
    if (!(error instanceof OperationFailedError)) throw error;
    const badRequest = findDetail(error, 'google.rpc.BadRequest');
    display.line('failure', error.message);
    for (const { field, description } of badRequest?.fieldViolations ?? []) {
      display.line('plain', `  ${field}: ${description}`);
    }
  }
}

async function resumeByName({ display, service, baseUrl, client }: Stage): Promise<void> {
  show(display, '4. Give up waiting, and resume in another process that knows only the name', [
    'const response = await waitForDone(restClient<Translation>({ baseUrl }), name);',
  ]);
  const operation = service.start({ duration: 2000, response: { pages: 3 } });
  const name = await nameOfUnfinished(waitForDone(client, operation, { timeout: 500 }), display);

  const response = await waitForDone(restClient<Translation>({ baseUrl }), name);
  display.line('success', `${name}: ${response.pages} pages translated`);
}

async function list({ display, service, client }: Stage): Promise<void> {
  show(display, '5. List them all, over as many pages as there are', [
    'for await (const page of listPages(client, { name: parent, pageSize: 2 })) {',
  ]);
  service.start({ metadata: { progressPercent: 10 } });
  const callsBefore = service.calls.length;

  let pages = 0;
  for await (const page of listPages(client, { name: parent, pageSize: 2 })) {
    pages += 1;
    for (const operation of page.operations) {
      display.line('plain', `page ${pages}: ${operation.name} ${stateOf(operation)}`);
    }
  }
  const calls = service.calls.length - callsBefore;
  display.line('success', `${pages} pages, by ${calls} calls`);
}

async function forget({ display, service, client }: Stage): Promise<void> {
  show(display, '6. Delete one, so that the server forgets it', [
    'await deleteOperation(client, name);',
    'await getOperation(client, name);',
  ]);
  const { name } = service.start({ response: { pages: 1 } });

  await deleteOperation(client, name);
  display.line('success', `${name} is deleted; asked about it now, the server says:`);
  try {
    await getOperation(client, name);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    display.line('failure', error.message);
  }
}

async function followJob({ display }: Stage): Promise<void> {
  show(display, '7. Follow a job of any other API', [
    'const jobs = jobClient({ get, toOperation });',
    "const film = await waitForDone(poll(jobs, '42').pipe(showProgress));",
  ]);
  const { showProgress } = display;
  const begun = performance.now();
  // In place of a request: it takes a second.
  const get = (id: string) => ({ id, percent: Math.min(100, (performance.now() - begun) / 10) });
  const toOperation = ({ id, percent }: ReturnType<typeof get>) => ({
    done: percent === 100,
    metadata: { progressPercent: percent },
    response: `https://films.example.com/${id}.mp4`,
  });

  const jobs = jobClient({ get, toOperation });
  const film = await waitForDone(poll(jobs, '42').pipe(showProgress));
  display.line('success', film);
}

async function beTold({ display, service, client }: Stage): Promise<void> {
  show(display, '8. Be told when to ask: by a webhook, a socket, a browser that is online again', [
    'const notifier = new Subject<void>();',
    'const response = await waitForDone(client, operation, { notifier, backoff });',
  ]);
  const operation = service.start({ duration: 800, response: { pages: 5 } });
  const callsBefore = service.calls.length;
  // Without a notice, the first call would come after a minute.
  const backoff = { startingDelay: 60_000 };

  const notifier = new Subject<void>();
  setTimeout(() => notifier.next(), 900);
  const response = await waitForDone(client, operation, { notifier, backoff });
  const calls = service.calls.length - callsBefore;
  display.line('success', `${response.pages} pages, at the notice, by ${calls} call`);
}

/** Waits in vain, as a process that ends too early does, and keeps the name. */
async function nameOfUnfinished(wait: Promise<unknown>, display: Display): Promise<string> {
  try {
    await wait;
  } catch (error) {
    if (!(error instanceof WaitTimeoutError) || error.operation === undefined) throw error;
    display.line('note', error.message);
    return error.operation.name;
  }
  throw new Error('The operation was done too early for this tour.');
}

function show(display: Display, heading: string, code: readonly string[]): void {
  display.heading(heading);
  for (const line of code) display.line('code', line);
}

function stateOf({ done, error }: Operation): string {
  if (error !== undefined) return codeName(error.code);
  return done ? 'succeeded' : 'running';
}

const unsupportedLanguage = {
  code: 9,
  message: 'The document cannot be translated.',
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: 'target_language', description: 'there is no language "tlh"' }],
    },
  ],
};
