/**
 * A web server. It makes no calls about operations: workers do. POST /films starts one; GET, DELETE and GET …/result
 * of /films/operations/N show it, cancel it, and wait for its result.
 */
import { isStatusError } from 'rx-lro';
import { operationWaits } from 'rx-lro/bullmq';
import { serve } from '../quickstart/server.js';

const { SERVICE_URL = '', REDIS = '', QUEUE = '' } = process.env;
const waits = operationWaits({ queue: QUEUE, connection: { url: REDIS } });

const server = await serve(async (request) => {
  const { pathname } = new URL(request.url);
  const [, name = '', isResult] = /^\/films\/(operations\/\w+)(\/result)?$/.exec(pathname) ?? [];
  if (request.method === 'POST') return start(await request.text());
  if (request.method === 'DELETE') return cancel(name);
  if (isResult !== undefined) return Response.json(await resultOf(name, request.signal));
  return Response.json((await waits.get(name))?.operation ?? { name, done: false });
});

async function start(body: string): Promise<Response> {
  const started = await fetch(`${SERVICE_URL}/films`, { method: 'POST', body });
  const operation = (await started.json()) as { readonly name: string };
  await waits.add(operation, { kind: 'film' });
  return Response.json(operation);
}

async function cancel(name: string): Promise<Response> {
  await waits.cancel(name, 'Nobody watches it.');
  return new Response(null, { status: 204 });
}

/** Waits as long as the client of this server does; then the workers go on with it. */
async function resultOf(name: string, signal: AbortSignal): Promise<unknown> {
  try {
    return { result: await waits.waitForDone(name, { signal, onAbort: 'detach' }) };
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return { result: error.codeName };
  }
}

process.once('disconnect', () => {
  void server.close();
  void waits.close();
});
process.send?.({ url: server.url });
