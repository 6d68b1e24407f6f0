/**
 * Waits as workflows of Restate, whose worker is killed in the middle. With Node 22 or later:
 * `npm ci --prefix examples/restate`, then `npx tsx examples/restate/run.ts`.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isStatusError, type Operation } from 'rx-lro';
import { responseOf, type Verdict } from 'rx-lro/step';
import { freePort } from '../servers/free-port.js';
import { startRestate } from './server.js';

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const run = (path: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(path, import.meta.url)), args);

const service = run('../servers/films.ts');
const [{ url }] = (await once(service, 'message')) as [{ readonly url: string }];
const port = String(await freePort());
const startWorker = async (): Promise<ChildProcess> => {
  const worker = run('worker.ts', `${url}/v1`, port);
  await once(worker, 'message');
  return worker;
};

const first = await startWorker();
const restate = await startRestate();
const post = async (address: string, body: unknown): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
};
await post(`${restate.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });

/** Starts a film, and the workflow that waits for it. */
async function start(duration: number): Promise<string> {
  const body = JSON.stringify({ duration, response: { minutes: 90 } });
  const started = await fetch(`${url}/v1/films`, { method: 'POST', body });
  const { name } = (await started.json()) as Operation;
  const sent = await fetch(`${workflowOf(name)}/run/send`, { method: 'POST' });
  if (!sent.ok) throw new Error(await sent.text());
  return name;
}

function workflowOf(name: string): string {
  return `${restate.ingress}/operation/${encodeURIComponent(name)}`;
}

async function verdictOf(name: string): Promise<Verdict> {
  const workflow = `restate/workflow/operation/${encodeURIComponent(name)}`;
  return (await fetch(`${restate.ingress}/${workflow}/attach`)).json() as Promise<Verdict>;
}

const polled = new Set<string>();
const messages = on(service, 'message') as AsyncIterable<[{ readonly answered: string }]>;
const film = await start(5_000);
const endless = await start(600_000);
for await (const [{ answered }] of messages) {
  if (polled.add(answered).size === 2) break;
}
first.kill('SIGKILL');
await once(first, 'exit');
console.log(`The worker was killed (kill -9) while it waits for ${film} and ${endless}.`);
const second = await startWorker();
console.log(`${film}:`, responseOf(await verdictOf(film)));
await post(`${workflowOf(endless)}/cancel`, 'Nobody watches it.');
try {
  responseOf(await verdictOf(endless));
} catch (error) {
  if (!isStatusError(error)) throw error;
  console.log(`${endless}: ${error.codeName}`);
}

for (const child of [second, service]) {
  child.disconnect();
  await once(child, 'exit');
}
process.exit();
