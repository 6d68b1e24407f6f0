import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../servers/free-port.js';

/** Where a server of Restate is reached. */
export interface RestateServer {
  /** For workflows. */
  readonly ingress: string;
  /** For those who run it. */
  readonly admin: string;
}

/** Starts a server of Restate, with its data in a temporary folder. It ends with this process. */
export async function startRestate(): Promise<RestateServer> {
  const folder = mkdtempSync(join(tmpdir(), 'films-restate-'));
  const addresses: string[] = [];
  while (addresses.length < 3) addresses.push(`127.0.0.1:${await freePort()}`);
  const [ingress, admin, node] = addresses;
  // Not by its script, which would leave it running where it is killed itself.
  const built = `@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`;
  const server = spawn(createRequire(import.meta.url).resolve(built), {
    env: {
      ...process.env,
      RESTATE_BASE_DIR: folder,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_INGRESS__BIND_ADDRESS: ingress,
      RESTATE_ADMIN__BIND_ADDRESS: admin,
      RESTATE_BIND_ADDRESS: node,
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
    stdio: 'ignore',
  });
  process.once('exit', () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  server.unref();
  const isHealthy = async (url: string): Promise<boolean> =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isHealthy(`http://${ingress}/restate/health`))) {
    if (server.exitCode !== null) throw new Error(`Restate has ended with ${server.exitCode}.`);
    await setTimeout(100);
  }
  return { ingress: `http://${ingress}`, admin: `http://${admin}` };
}
