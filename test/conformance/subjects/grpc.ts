import { credentials } from '@grpc/grpc-js';
import { grpcClient } from 'rx-lro/grpc';
import { plainOf, type ConformanceSubject } from 'rx-lro/testing';

import { OperationsClient } from '../../support/generated/ts-proto/google/longrunning/operations.js';
import { startGrpcServer } from '../../support/grpc-server.js';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: 'grpc, proto-loader',
    connect: async (fake) => {
      const server = await startGrpcServer(fake);
      return { client: grpcClient(server.stub), close: server.close, kill: server.kill };
    },
    response: plainOf,
  },
  {
    name: 'grpc, ts-proto',
    connect: async (fake) => {
      const server = await startGrpcServer(fake);
      const stub = new OperationsClient(server.address, credentials.createInsecure(), {
        'grpc.max_receive_message_length': -1,
      });
      return {
        client: grpcClient(stub),
        kill: server.kill,
        close: async () => {
          stub.close();
          await server.close();
        },
      };
    },
    response: plainOf,
  },
];
