import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { FakeOperations } from 'rx-lro/testing';

import { Operations } from './generated/es/google/longrunning/operations_pb.js';

/** A Connect server on this machine. */
export interface ConnectServer {
  /** Where it listens. */
  readonly url: string;
  /** Ends it, and breaks its connections. */
  readonly close: () => Promise<void>;
}

/** Starts a Connect server for a fake service; it speaks Connect, gRPC and gRPC-web. */
export async function startConnectServer(
  fake: FakeOperations,
  httpVersion: '1.1' | '2',
): Promise<ConnectServer> {
  const service = fake.connect(({ message, code, details }) =>
    Object.assign(new ConnectError(message, code), { details }),
  );
  const routes = (router: ConnectRouter): unknown => router.service(Operations, service);
  const handler = connectNodeAdapter({ routes });
  const sessions = new Set<ServerHttp2Session>();
  const server =
    httpVersion === '2'
      ? createHttp2Server(handler).on('session', (session) => sessions.add(session))
      : createHttp1Server(handler);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const session of sessions) session.destroy();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
