import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** A server on this machine that answers as a `fetch` does. */
export interface HttpServer {
  /** Where it listens. */
  readonly url: string;
  /** Ends it. */
  readonly close: () => Promise<void>;
  /** Drops it and its connections at once. */
  readonly kill: () => Promise<void>;
}

/** Answers a request, as a `fetch` does. */
export type Handler = (
  request: Request,
  init: { readonly signal: AbortSignal },
) => Promise<Response>;

/** Starts a server. What the handler rejects with breaks the connection. */
export async function startHttpServer(handler: Handler): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close,
    kill: close,
  };
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(`http://${headers.host ?? 'localhost'}${url}`, {
    method,
    headers: new Headers(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined || name.startsWith(':') || name === 'connection'
          ? []
          : [[name, String(value)] as [string, string]],
      ),
    ),
    ...(hasBody
      ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' as const }
      : {}),
  });
  // Beside the request: a Request holds the signal that it was made with so weakly that it may be lost.
  const response = await handler(request, controller);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(new Uint8Array(await response.arrayBuffer()));
}
