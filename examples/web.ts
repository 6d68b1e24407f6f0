/**
 * A page that starts films, shows their progress, cancels them, and goes on after a reload and after a restart of the
 * server: `npm run example:web`. PORT is 8080 unless it is set; FILMS names the file that keeps the films, by default
 * one in the folder for temporary files.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { PORT = '8080' } = process.env;
const FILMS = process.env['FILMS'] ?? join(tmpdir(), `rx-lro-films-${PORT}.json`);
const script = fileURLToPath(new URL('web/server.ts', import.meta.url));

for (;;) {
  const server = fork(script, { env: { ...process.env, PORT, FILMS } });
  server.once('message', ({ url }: { readonly url: string }) => {
    console.log(`The page is at ${url}. Ctrl-C ends it.`);
  });
  const [code] = (await once(server, 'exit')) as [number | null];
  if (code !== 0 && code !== null) process.exit(code);
  console.log('The server has ended. It starts again in three seconds.');
  await setTimeout(3_000);
}
