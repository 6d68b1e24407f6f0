/** A process that may be killed at any time: what it waits for is in a table, by name. */
import { OperationFailedError, waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { startFilms } from './start.js';
import { openTable } from './table.js';

const [baseUrl = '', file = ''] = process.argv.slice(2);
const client = restClient({ baseUrl });
const table = openTable(file);

async function finish(name: string): Promise<void> {
  const outcome = await waitForDone(client, name).then(
    (response) => ({ response }),
    (error: unknown) => {
      // After an outage, say, it may still run: leave it open.
      if (error instanceof OperationFailedError) return { error };
      throw error;
    },
  );
  await table.put({ name, ...outcome });
}

async function start(): Promise<void> {
  for (const { name } of await startFilms(baseUrl, 4_000)) await table.put({ name });
}

if ((await table.rows()).length === 0) await start();
const open = (await table.rows()).filter((row) => !('response' in row || 'error' in row));
await Promise.all(open.map(({ name }) => finish(name)));
