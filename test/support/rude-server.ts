import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';

/** A server on this machine. */
export interface RudeServer {
  /** Where it listens: a host and a port. */
  readonly address: string;
  /** Ends it, and breaks its connections. */
  readonly close: () => void;
}

/** Starts a server that speaks HTTP/2 without TLS, and treats every stream as it is told to. */
export async function startRudeServer(
  treat: (stream: ServerHttp2Stream) => void,
): Promise<RudeServer> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    treat(stream);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

/** The beginning of an answer of gRPC: the header of a message of a hundred bytes, and one byte of it. */
export function answerInPart(stream: ServerHttp2Stream, then: () => void): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
  stream.write(Uint8Array.of(0, 0, 0, 0, 100, 10), then);
}

/** Gives an address that nobody listens at. */
export async function unusedAddress(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `127.0.0.1:${port}`;
}
