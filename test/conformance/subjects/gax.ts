import { gaxClient } from 'rx-lro/gax';
import { plainOf, type ConformanceSubject } from 'rx-lro/testing';

import { grpcOperations, restOperations } from '../../support/gax-client.js';
import { startGrpcServer } from '../../support/grpc-server.js';
import { startTranslatingServer, type Fields } from '../../support/translating-server.js';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: 'google-gax, gRPC',
    connect: async (fake) => {
      const server = await startGrpcServer(fake);
      const operations = grpcOperations(server.address);
      return {
        client: gaxClient(operations),
        kill: server.kill,
        close: async () => {
          operations.close();
          await server.close();
        },
      };
    },
    notApplicable: {
      wait: 'google-gax has no WaitOperation.',
      'wait-held': 'google-gax has no WaitOperation.',
      'list-unreachable': 'The proto of google-gax 5.0 has no `unreachable` yet.',
    },
    response: plainOf,
  },
  {
    name: 'google-gax, REST',
    connect: async (fake) => {
      const operation = ({ metadata, response, ...rest }: Fields): Fields => ({
        ...rest,
        ...(metadata === undefined ? {} : { metadata: packed(metadata) }),
        ...(response === undefined ? {} : { response: packed(response) }),
      });
      const server = await startTranslatingServer(fake, {
        operation,
        page: ({ operations = [], ...page }) => ({
          ...page,
          operations: (operations as readonly Fields[]).map(operation),
        }),
      });
      return { client: gaxClient(restOperations(server.url)), ...server };
    },
    notApplicable: {
      wait: 'google-gax has no WaitOperation.',
      'wait-held': 'google-gax has no WaitOperation.',
    },
    response: plainOf,
  },
];

// In JSON an Any says of what type it is.
function packed(value: unknown): object {
  return { '@type': 'type.googleapis.com/google.protobuf.Value', value };
}
