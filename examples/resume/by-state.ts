/** A process that may be killed at any time: the state of each wait is in a table, beside the name. */
import { setTimeout } from 'node:timers/promises';
import { restClient } from 'rx-lro/rest';
import { newWait, pollOnce, withCancel } from 'rx-lro/step';
import { startFilms } from './start.js';
import { openTable } from './table.js';

const [baseUrl = '', file = ''] = process.argv.slice(2);
const client = restClient({ baseUrl });
const table = openTable(file);

async function finish(name: string): Promise<void> {
  for (;;) {
    const row = await table.get(name);
    const state = row.state ?? newWait(name);
    const current = row.cancel == null ? state : withCancel(state, row.cancel);
    const step = await pollOnce(client, current, { timeout: 3_600_000 });
    if (step.verdict !== undefined) return table.put({ name, verdict: step.verdict });
    await table.put({ name, state: step.state });
    await setTimeout(step.delay);
  }
}

async function start(): Promise<void> {
  for (const film of await startFilms(baseUrl, 60_000)) {
    await table.put({ name: film.name, state: newWait(film) });
  }
}

if ((await table.rows()).length === 0) await start();
const open = (await table.rows()).filter(({ verdict }) => verdict === undefined);
await Promise.all(open.map(({ name }) => finish(name)));
