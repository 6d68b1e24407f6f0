import { fileURLToPath } from 'node:url';

import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The service `google.longrunning.Operations`, as proto-loader makes it of Google's own protos. */
export function operations() {
  const protos = new URL('../../../node_modules/google-gax/build/protos', import.meta.url);
  const includeDirs = [fileURLToPath(protos)];
  const definition = loadSync('google/longrunning/operations.proto', { includeDirs });
  return loadPackageDefinition(definition).google.longrunning.Operations;
}
