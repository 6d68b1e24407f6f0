export { grpcClient } from './grpc-client.js';
export type { GrpcClient } from './grpc-client.js';
export type { GrpcClientOptions, GrpcMetadataSource } from './options.js';
export type { GrpcMethod, GrpcStub, TypedGrpcStub } from './stub.js';
export type { HeaderContext } from '../http/credentials.js';
export type { CallableClient } from '../../core/client.js';
