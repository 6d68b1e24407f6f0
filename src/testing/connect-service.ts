import type { Method } from '../core/client.js';
import { statusFrom } from '../core/status/status-from.js';
import type { Status } from '../core/status/status.js';
import type { MakeCall } from './fake-client.js';
import { handlersOf } from './handlers.js';
import { requestOf, say, type MessageStyle } from './protobuf/message.js';
import { detailToAny } from './protobuf/status.js';
import { typeNameIn } from '../clients/protobuf/any.js';

/** A Status whose details are in binary form, as Connect sends it. */
export interface ConnectStatus {
  /** The code. */
  readonly code: number;
  /** The message. */
  readonly message: string;
  /** The details. */
  readonly details: {
    /** The full name of the type. */
    readonly type: string;
    // Bytes with an ArrayBuffer, in terms that older compilers know too.
    /** The serialized message. */
    readonly value: ReturnType<Uint8Array['slice']>;
  }[];
}

/** Answers a call that a Connect router took. */
export type ConnectHandler = (
  request: object,
  context: { readonly signal: AbortSignal },
) => Promise<never>;

/** The implementation of `google.longrunning.Operations` for a Connect router. */
export interface ConnectService {
  /** GetOperation. */
  readonly getOperation: ConnectHandler;
  /** ListOperations. */
  readonly listOperations: ConnectHandler;
  /** CancelOperation. */
  readonly cancelOperation: ConnectHandler;
  /** DeleteOperation. */
  readonly deleteOperation: ConnectHandler;
  /** WaitOperation. */
  readonly waitOperation: ConnectHandler;
}

/** Makes the implementation of a service for a Connect router. */
export function connectService(
  makeCall: MakeCall,
  toError: (status: ConnectStatus) => Error,
): ConnectService {
  const fail = ({ code, message, details }: Status): Error =>
    toError({
      code,
      message,
      details: details.map((detail) => {
        const { typeUrl, bytes } = detailToAny(detail);
        return { type: typeNameIn(typeUrl), value: new Uint8Array(bytes) };
      }),
    });
  const handler =
    (method: Method): ConnectHandler =>
    async (request, { signal }) => {
      const reply = await makeCall(requestOf(method, request), signal).catch((error: unknown) => {
        throw fail(statusFrom(error));
      });
      const said = say(method, reply, style);
      if (said.status !== undefined) throw fail(said.status);
      // `never` fits the generated types of any router.
      return said.message as never;
    };
  return handlersOf(handler);
}

const style: MessageStyle = {
  any: ({ typeUrl, bytes }) => ({ typeUrl, value: bytes }),
  outcome: (name, value) => ({ result: { case: name, value } }),
};
