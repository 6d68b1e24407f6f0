import { fileURLToPath } from 'node:url';
import {
  Server,
  ServerCredentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { FakeOperations } from 'rx-lro/testing';

const protos = new URL('../../node_modules/google-gax/build/protos', import.meta.url);
const definition = loadSync('google/longrunning/operations.proto', {
  includeDirs: [fileURLToPath(protos)],
});
const loaded = loadPackageDefinition(definition) as unknown as {
  google: { longrunning: { Operations: ServiceClientConstructor } };
};

/** The service as proto-loader makes it of Google's own protos. */
export const Operations: ServiceClientConstructor = loaded.google.longrunning.Operations;

/** Serves a fake service over gRPC on this machine alone. */
export async function serveGrpc(
  fake: FakeOperations,
): Promise<{ address: string; close: () => void }> {
  const server = new Server();
  server.addService(Operations.service, fake.grpc);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
