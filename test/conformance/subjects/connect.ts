import { createClient, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { connectClient } from 'rx-lro/connect';
import { plainOf, type ConformanceSubject } from 'rx-lro/testing';

import { Operations } from '../../support/generated/es/google/longrunning/operations_pb.js';
import { startConnectServer } from '../../support/connect-server.js';

function subject(
  name: string,
  httpVersion: '1.1' | '2',
  transportTo: (baseUrl: string) => Transport,
): ConformanceSubject {
  return {
    name,
    connect: async (fake) => {
      const server = await startConnectServer(fake, httpVersion);
      const client = connectClient(createClient(Operations, transportTo(server.url)));
      return { client, close: server.close, kill: server.close };
    },
    response: plainOf,
  };
}

export const subjects: readonly ConformanceSubject[] = [
  subject('connect', '1.1', (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' })),
  subject('connect, gRPC', '2', (baseUrl) => createGrpcTransport({ baseUrl })),
  subject('connect, gRPC-web', '1.1', (baseUrl) =>
    createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  ),
];
