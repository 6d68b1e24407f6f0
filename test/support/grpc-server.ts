import { fileURLToPath } from 'node:url';

import {
  Server,
  ServerCredentials,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';
import type { FakeOperations, GrpcService } from 'rx-lro/testing';

const protos = fileURLToPath(
  new URL('../../node_modules/google-gax/build/protos', import.meta.url),
);

const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** The service as proto-loader makes it of Google's own protos. */
function operationsConstructor(options: Options = {}): ServiceClientConstructor {
  const definition = loadSync('google/longrunning/operations.proto', {
    includeDirs: [protos],
    ...options,
  });
  const loaded = loadPackageDefinition(definition) as unknown as {
    google: { longrunning: { Operations: ServiceClientConstructor } };
  };
  return loaded.google.longrunning.Operations;
}

/** A gRPC server on this machine, and a stub for it. */
export interface GrpcServer {
  /** Where it listens. */
  readonly address: string;
  /** A stub for it, made by proto-loader. */
  readonly stub: InstanceType<ServiceClientConstructor>;
  /** Ends both. */
  readonly close: () => Promise<void>;
  /** Drops the server and its connections at once; the stub stays. */
  readonly kill: () => Promise<void>;
}

/** Starts a gRPC server for a fake service, or for handlers. */
export async function startGrpcServer(
  service: Pick<FakeOperations, 'grpc'> | { readonly grpc: Partial<GrpcService> },
  options: Options = {},
): Promise<GrpcServer> {
  const Operations = operationsConstructor(options);
  const server = new Server(unlimited);
  server.addService(Operations.service, service.grpc);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const address = `127.0.0.1:${port}`;
  const stub = new Operations(address, credentials.createInsecure(), unlimited);
  const kill = async (): Promise<void> => server.forceShutdown();
  return {
    address,
    stub,
    kill,
    close: async () => {
      stub.close();
      await kill();
    },
  };
}
