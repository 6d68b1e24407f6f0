import {
  GoogleAuth,
  GrpcClient,
  fallback,
  googleAuthLibrary,
  lro,
  type OperationsClient,
} from 'google-gax';

import { googleRoot } from '../clients/protobuf/google-types.js';

const auth = new GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() });

/** Google-gax's own client of the service, over gRPC. */
export function grpcOperations(address: string): OperationsClient {
  const [servicePath, port] = address.split(':');
  return lro({ auth }).operationsClient({
    servicePath,
    port: Number(port),
    sslCreds: new GrpcClient({ auth }).grpc.credentials.createInsecure(),
    'grpc.max_receive_message_length': -1,
  } as never);
}

/** Google-gax's own client of the service, over REST. */
export function restOperations(url: string): OperationsClient {
  const { hostname, port } = new URL(url);
  return fallback
    .lro({ auth, protoJson: googleRoot, httpRules })
    .operationsClient({ servicePath: hostname, port: Number(port), protocol: 'http' });
}

// As a generated client has them of the description of its service.
const httpRules = [
  ['GetOperation', 'get', '/v1/{name=**}'],
  ['ListOperations', 'get', '/v1/{name=**}/operations'],
  ['DeleteOperation', 'delete', '/v1/{name=**}'],
  ['CancelOperation', 'post', '/v1/{name=**}:cancel'],
].map(([method, verb = '', path]) => ({
  selector: `google.longrunning.Operations.${method}`,
  [verb]: path,
  ...(verb === 'post' ? { body: '*' } : {}),
}));
