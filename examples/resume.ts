/** Waits that outlive their process, without an engine: `npx tsx examples/resume.ts`. */
import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorFromJson } from 'rx-lro';
import { responseOf } from 'rx-lro/step';
import { openTable, type Row } from './resume/table.js';

const run = (path: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(path, import.meta.url)), args);

/** What the service tells of itself: where it is, then each request that it has answered. */
interface Told {
  readonly url?: string;
  readonly answered?: string;
}

const folder = await mkdtemp(join(tmpdir(), 'films-'));

/** Runs a program, kills it in the middle of its waits, and runs it again to its end. */
async function killAndResume(path: string, file: string, meanwhile?: () => Promise<void>) {
  const service = run('servers/films.ts');
  const [{ url }] = (await once(service, 'message')) as [Told];
  const first = run(path, `${url}/v1`, file);
  const ended = new AbortController();
  first.once('exit', () => ended.abort());
  const polled = new Set<string | undefined>();
  const messages = on(service, 'message', { signal: ended.signal }) as AsyncIterable<[Told]>;
  for await (const [{ answered }] of messages) {
    if (polled.add(answered).size === 3) break;
  }
  first.kill('SIGKILL');
  const [, signal] = (await once(first, 'exit')) as unknown[];
  console.log(`${path}: ${String(signal)} while it waits for ${polled.size} operations`);
  await meanwhile?.();
  const second = run(path, `${url}/v1`, file);
  const [code] = (await once(second, 'exit')) as unknown[];
  console.log(`${path}: started again, exit code ${String(code)}`);
  service.disconnect();
}

function told({ name, response, error, verdict }: Row): string {
  try {
    if (error !== undefined) throw errorFromJson(error);
    return `${name}: ${String(verdict === undefined ? response : responseOf(verdict))}`;
  } catch (failure) {
    return String(failure);
  }
}

const byName = join(folder, 'by-name.jsonl');
await killAndResume('resume/by-name.ts', byName);
for (const row of await openTable(byName).rows()) console.log(`  ${told(row)}`);

const byState = join(folder, 'by-state.jsonl');
const table = openTable(byState);
await killAndResume('resume/by-state.ts', byState, async () => {
  // Any process can do this, at any time.
  const last = (await table.rows()).at(-1);
  if (last !== undefined) await table.put({ name: last.name, cancel: 'Nobody watches it.' });
});
for (const row of await table.rows()) console.log(`  ${told(row)}`);

await rm(folder, { recursive: true });
