import type { Method } from '../core/client.js';
import { statusFrom } from '../core/status/status-from.js';
import type { Status } from '../core/status/status.js';
import { newAbortController } from '../core/platform/abort-controller.js';
import type { ConnectService } from './connect-service.js';
import type { MakeCall } from './fake-client.js';
import { handlersOf } from './handlers.js';
import { requestOf, say, type MessageStyle } from './protobuf/message.js';
import { encodeStatus } from './protobuf/status.js';

/** What a handler needs of a call that a gRPC server took. */
export interface GrpcServerCall {
  /** The request message. */
  readonly request: unknown;
  /** The `Metadata` that was sent with it. */
  readonly metadata: object;
  /** Adds a listener that is called when the client cancels the call. */
  on(event: 'cancelled', listener: () => void): unknown;
}

/** Answers a call that a gRPC server took. */
export type GrpcHandler = (
  call: GrpcServerCall,
  callback: (error: never, answer?: never) => void,
) => void;

/** The handlers of `google.longrunning.Operations`, each by both of its names: `GetOperation`, `getOperation`. */
export type GrpcService = Readonly<
  Record<keyof ConnectService | Capitalize<keyof ConnectService>, GrpcHandler>
>;

/** Makes the handlers of a service for a gRPC server. */
export function grpcService(makeCall: MakeCall): GrpcService {
  const handler =
    (method: Method): GrpcHandler =>
    (call, callback) => {
      const settle = callback as (error: object | null, answer?: object) => void;
      const { signal, abort } = abortable();
      call.on('cancelled', abort);
      const fail = (status: Status): void => settle(serviceError(status, call.metadata));
      makeCall(requestOf(method, call.request), signal).then(
        (reply) => {
          const said = say(method, reply, style);
          if (said.status === undefined) settle(null, said.message);
          else fail(said.status);
        },
        // The connection broke. A handler cannot break it, so it fails as a client would report it.
        (error: unknown) => fail(statusFrom(error)),
      );
    };
  const service = handlersOf(handler);
  return {
    ...service,
    GetOperation: service.getOperation,
    ListOperations: service.listOperations,
    CancelOperation: service.cancelOperation,
    DeleteOperation: service.deleteOperation,
    WaitOperation: service.waitOperation,
  };
}

const style: MessageStyle = {
  // The generators differ in the name of the field, and each ignores the other name.
  any: ({ typeUrl, bytes }) => ({ type_url: typeUrl, typeUrl, value: asBuffer(bytes) }),
  outcome: (name, value) => ({ [name]: value }),
};

function serviceError(status: Status, metadataOfCall: object): object {
  // The class is taken from the call's metadata, so that no package of gRPC needs to be imported.
  const Metadata = metadataOfCall.constructor as new () => {
    set(key: string, value: unknown): void;
  };
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', asBuffer(encodeStatus(status)));
  return { code: status.code, details: status.message, metadata };
}

function asBuffer(bytes: Uint8Array): Uint8Array {
  // A gRPC server runs on Node, and takes Buffers alone for bytes.
  const { Buffer } = globalThis as {
    Buffer?: { from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array };
  };
  return Buffer?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) ?? bytes;
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = newAbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
