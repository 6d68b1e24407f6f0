import type { CallableClient, CallOptions, Method } from '../../core/client.js';
import { checkObject } from '../../core/values/check.js';
import { readAnswer } from '../protobuf/rpc.js';
import { call } from './call.js';
import { metadataSource, type GrpcClientOptions } from './options.js';
import { messageOf, type MethodRequest } from './request.js';
import { checkStub, methodOf, takesMetadata, wrongMetadata, type GrpcStub } from './stub.js';

/**
 * A client of a service over gRPC. Each method makes one call and does not retry. A method that the stub
 * does not have is missing here too.
 *
 * Each method rejects with the `ServiceError` of `@grpc/grpc-js`, or with the signal's reason if that was
 * aborted beforehand. The error is given a `status`: the code, the message of the server alone, and the
 * details, decoded. A stream that was reset without an abort of the caller is UNAVAILABLE there.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 */
export type GrpcClient<Response = unknown, Metadata = unknown> = Pick<
  CallableClient<Response, Metadata>,
  'get'
> &
  Partial<CallableClient<Response, Metadata>>;

/**
 * Makes a client of a stub of `google.longrunning.Operations` for `@grpc/grpc-js`. An abort cancels the
 * call, `callTimeout` becomes its deadline. The `Any` in `response` and `metadata` stays binary:
 * `unpack` of `rx-lro/any` decodes it.
 *
 * gRPC's own retries come before those of this library: leave them off in the service config, or make
 * the channel with `'grpc.enable_retries': 0`.
 *
 * Source: google/longrunning/operations.proto.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 * @param stub - Made by `@grpc/proto-loader`, ts-proto or grpc-tools; or one whose methods return Observables or
 * promises, as those of NestJS, nice-grpc and protobuf-ts do.
 * @param options - What goes along with the calls.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when the stub has no `getOperation`, or an option is of the wrong type, or when `metadata` is
 * given for a stub that returns promises.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { grpcClient, type GrpcStub } from 'rx-lro/grpc';
 *
 * declare const stub: GrpcStub; // new OperationsClient(address, credentials)
 *
 * const client = grpcClient(stub);
 * console.log(await waitForDone(client, 'operations/1'));
 * ```
 */
export function grpcClient<Response = unknown, Metadata = unknown>(
  stub: GrpcStub,
  options: GrpcClientOptions = {},
): GrpcClient<Response, Metadata> {
  checkStub(stub);
  checkObject('options', options);
  const metadata = metadataSource(options.metadata);
  const calls = (['get', 'list', 'cancel', 'delete', 'wait'] satisfies Method[]).flatMap(
    (method) => {
      const stubMethod = methodOf(stub, method);
      if (stubMethod === undefined) return [];
      if (metadata !== undefined && !takesMetadata(stubMethod)) throw new TypeError(wrongMetadata);
      const make = async (
        request: MethodRequest,
        callOptions?: Partial<CallOptions>,
      ): Promise<unknown> => {
        const message = messageOf(stubMethod, method, request);
        return readAnswer(
          method,
          await call(stub, stubMethod, message, metadata, callOptions ?? {}),
        );
      };
      return [[method, make] as const];
    },
  );
  // The stub was checked for `get`; what its answers hold is the caller's word.
  return Object.fromEntries(calls) as unknown as GrpcClient<Response, Metadata>;
}
