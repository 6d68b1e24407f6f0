/** The asynchronous request-reply pattern, as Azure and FHIR have it: `npx tsx examples/status-monitor.ts`. */
import { StatusError, poll, progressOf, waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { serve } from './quickstart/server.js';

// A service on this machine: films as Azure would make them, and an export as FHIR has it.
let percentComplete = 0;
let isExportDeleted = false;
const accepted = (headers: Record<string, string>): Response =>
  new Response(null, { status: 202, headers: { 'retry-after': '0', ...headers } });
const server = await serve(async ({ method, url }) => {
  const { pathname } = new URL(url);
  if (method === 'DELETE') {
    isExportDeleted = true;
    return accepted({});
  }
  if (method === 'PUT') return accepted({ 'operation-location': '/operations/1' });
  if (pathname === '/operations/1') {
    percentComplete = Math.min(percentComplete + 25, 100);
    const status = percentComplete === 100 ? 'Succeeded' : 'Running';
    return Response.json({ status, percentComplete });
  }
  if (pathname === '/films/42') return Response.json({ minutes: 90 });
  if (pathname === '/export') return accepted({ 'content-location': '/jobs/1' });
  return isExportDeleted
    ? new Response(null, { status: 404 })
    : accepted({ 'x-progress': '10% exported' });
});

// `headers` would carry the user's credentials.
const monitor = statusMonitorClient({ baseUrl: server.url });
const options = { backoff: { startingDelay: 50, maxDelay: 50 } };

const film = await monitor.operation(fetch(`${server.url}/films/42`, { method: 'PUT' }), {
  method: 'PUT',
});
await poll(monitor, film, options).forEach((each) => {
  console.log(`The film: ${Math.round((progressOf(each) ?? 0) * 100)} %`);
});
// Another process needs no more than the name.
console.log('The film:', await waitForDone(statusMonitorClient(), film.name, options));

const job = await monitor.operation(fetch(`${server.url}/export`));
await waitForDone(monitor, job, { ...options, signal: AbortSignal.timeout(200) }).catch(
  (error: unknown) => {
    if (!(error instanceof StatusError)) throw error;
    console.log('The export:', error.codeName);
  },
);

await server.close();
