import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the emulator may take to answer, in milliseconds. */
const READY_WITHIN = 30_000;

/** Where the emulator is, or why it cannot be started. */
export type EmulatorFound = { readonly gateway: string } | { readonly missing: string };

/** An emulator that runs. */
export interface SpannerEmulator {
  /** Of its REST server. */
  readonly baseUrl: string;
  /** Of its gRPC server. */
  readonly grpcAddress: string;
  /** Ends it; resolves once none of its processes is left. */
  stop(): Promise<void>;
}

/** Looks for the emulator in the installation of the Google Cloud CLI that is on the PATH. */
export function findSpannerEmulator(): EmulatorFound {
  const gcloud = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .find((path) => existsSync(path));
  if (gcloud === undefined) return { missing: 'the Google Cloud CLI (gcloud) is not on the PATH' };
  const gateway =
    gatewayIn(dirname(realpathSync(gcloud))) ?? gatewayIn(join(sdkRoot(gcloud), 'bin'));
  return gateway === undefined
    ? { missing: 'the Google Cloud CLI is without its component cloud-spanner-emulator' }
    : { gateway };
}

/** Starts the emulator on free ports of the loopback interface. */
export async function startSpannerEmulator(gateway: string): Promise<SpannerEmulator> {
  const ports = await freePorts(2);
  const [grpcPort, httpPort] = ports.map(String) as [string, string];
  const args = ['--hostname', '127.0.0.1', '--grpc_port', grpcPort, '--http_port', httpPort];
  // The gateway starts a process of its own. The shell makes one group of them, and kills it when its
  // input ends: on `stop`, and however this process may end.
  const script = '"$@" </dev/null & exec 2>&-; read -r _; kill -KILL 0';
  const group = spawn('sh', ['-c', script, 'sh', gateway, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  let isGone = false;
  group.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  group.stderr.once('close', () => (isGone = true));
  const closed = once(group, 'close');
  const stop = async (): Promise<void> => {
    group.stdin.end();
    await closed;
    await Promise.all(ports.map(untilRefused));
  };

  const baseUrl = `http://127.0.0.1:${httpPort}`;
  const deadline = performance.now() + READY_WITHIN;
  while (!(await answers(baseUrl))) {
    if (isGone || performance.now() > deadline) {
      await stop();
      const what = isGone ? 'ended at once' : `was not ready within ${READY_WITHIN} ms`;
      throw new Error(`The Cloud Spanner emulator ${what}. It wrote:\n${stderr}`);
    }
    await sleep(50);
  }
  return { baseUrl, grpcAddress: `127.0.0.1:${grpcPort}`, stop };
}

function gatewayIn(folder: string): string | undefined {
  const path = join(folder, 'cloud_spanner_emulator', 'gateway_main');
  return existsSync(path) ? path : undefined;
}

function sdkRoot(gcloud: string): string {
  const args = ['info', '--format=value(installation.sdk_root)'];
  const { stdout } = spawnSync(gcloud, args, { encoding: 'utf8', timeout: 20_000 });
  return (stdout ?? '').trim();
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answers(baseUrl: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`${baseUrl}/v1/projects/p/instanceConfigs`, { signal })).ok;
  } catch {
    return false;
  }
}

/** A process that was killed holds its port until it is really gone. */
async function untilRefused(port: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (await accepts(port)) {
    if (performance.now() > deadline) throw new Error(`The emulator still has port ${port}.`);
    await sleep(10);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
