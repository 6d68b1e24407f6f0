// A worker of Cloudflare's runtime: each request asks once by the verb in its path, and answers with how
// many calls that took. With `?hangs` the first call is never answered.
import { waitForDone, type OperationsClient } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { newWait, pollOnce, type WaitState } from 'rx-lro/step';
import { hangFirst, name, options, scriptedClient, verbs } from '../context/verbs.js';

interface AsyncHooks {
  readonly AsyncLocalStorage: new () => {
    getStore(): unknown;
    run<Result>(store: unknown, work: () => Result): Result;
  };
}

const { callTimeout, backoff } = options;

const makeFleet = (client: OperationsClient): OperationsClient =>
  fleetClient(client, { callTimeout, backoff, callsPerSecond: 1000 });

/** A wait whose state goes through JSON after each step. */
async function takeSteps(client: OperationsClient): Promise<void> {
  let state = newWait(name);
  for (;;) {
    const step = await pollOnce(client, state, options);
    if (step.verdict !== undefined) return;
    state = JSON.parse(JSON.stringify(step.state)) as WaitState;
  }
}

const runs = new Map([
  ...verbs,
  ['pollOnce', takeSteps],
  ['fleetClient', (client: OperationsClient) => waitForDone(makeFleet(client), name)],
]);

async function ask(url: URL): Promise<Response> {
  const run = runs.get(url.pathname.slice(1));
  if (run === undefined) return new Response('unknown', { status: 404 });
  let calls = 0;
  const doneAt = Number(url.searchParams.get('doneAt') ?? 4);
  const client = scriptedClient((call) => {
    calls = call;
    return url.searchParams.has('hangs') ? hangFirst(call) : undefined;
  }, doneAt);
  await run(client);
  return Response.json({ calls });
}

/** In which contexts the calls of a fleet are. */
async function fleetContexts(): Promise<Response> {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks') as AsyncHooks;
  const context = new AsyncLocalStorage();
  const contexts: unknown[] = [];
  const client = scriptedClient((call) => {
    contexts.push(context.getStore());
    return hangFirst(call);
  });
  const fleet = context.run('fleet', () => makeFleet(client));
  await context.run('wait', () => waitForDone(fleet, name));
  return Response.json({ contexts });
}

// oxlint-disable-next-line import/no-default-export -- the runtime asks for one
export default {
  fetch: (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    return url.pathname === '/fleetContexts' ? fleetContexts() : ask(url);
  },
};
