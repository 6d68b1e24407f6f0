import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server on the loopback interface. */
export interface LocalServer {
  readonly url: string;
  /** Closes it and every connection to it. */
  close(): Promise<void>;
}

/**
 * Serves what a function makes of requests, such as `FakeOperations.fetch`, over real HTTP.
 *
 * @param wantedPort - Default: one that is free.
 */
export async function serve(
  handle: (request: Request) => Promise<Response>,
  wantedPort = 0,
): Promise<LocalServer> {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing));
  server.listen(wantedPort, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    const response = await handle(await requestOf(incoming, gone.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  } catch {
    // The client has gone, or the fake service breaks the connection on purpose.
    outgoing.destroy();
  }
}

async function requestOf(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/', headers, headersDistinct } = incoming;
  const fields = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const body = (await text(incoming)) || null;
  return new Request(new URL(url, `http://${headers.host}`), {
    method,
    headers: fields,
    body,
    signal,
  });
}
