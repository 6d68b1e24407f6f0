import type {
  CallableClient,
  CallOptions,
  Method,
  WaitOperationRequest,
} from '../../core/client.js';
import { checkFunction, checkObject } from '../../core/values/check.js';
import { durationOf } from '../../core/status/duration.js';
import { callWithCredentials, type HeaderContext } from '../http/credentials.js';
import { readAnswer, rpcOf } from '../protobuf/rpc.js';
import { failureOf } from './failure.js';

/** A method of a Connect-ES client. */
export type ConnectMethod = (request: never, options: never) => Promise<unknown>;

/**
 * A client of `google.longrunning.Operations` that Connect-ES version 2 made of generated code.
 *
 * Source: google/longrunning/operations.proto.
 */
export interface ConnectOperationsClient {
  /** GetOperation. */
  readonly getOperation: ConnectMethod;
  /** ListOperations. */
  readonly listOperations: ConnectMethod;
  /** CancelOperation. */
  readonly cancelOperation: ConnectMethod;
  /** DeleteOperation. */
  readonly deleteOperation: ConnectMethod;
  /** WaitOperation. Older versions of the service do not have it. */
  readonly waitOperation?: ConnectMethod | undefined;
}

/** Header fields, as `fetch` takes them. */
export type ConnectHeaders =
  | Headers
  | readonly (readonly [string, string])[]
  | Record<string, string>;

/** How `connectClient` makes its calls. */
export interface ConnectClientOptions {
  /**
   * Header fields of every call, or a function that is called for them before each call, so that a token is
   * always fresh; it may be async. When the service answers UNAUTHENTICATED, it is called once more, with
   * `refused: true` (replace a cached token), and the call is made again. If it then throws, the error stays
   * UNAUTHENTICATED, with what it threw as `cause`; a failure that passes, such as one of the network, is retried
   * instead. Default: none.
   */
  readonly headers?:
    | ConnectHeaders
    | ((context: HeaderContext) => ConnectHeaders | Promise<ConnectHeaders>)
    | undefined;
}

/**
 * A client of a service over Connect, gRPC or gRPC-web. Each method makes one call and does not retry.
 *
 * Each method rejects with the `ConnectError`, which is given a `status`: the code, the message of the
 * server alone, and the details, decoded. A stream that was reset without an abort of the caller, and a `fetch`
 * that failed, are UNAVAILABLE there.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 */
export interface ConnectClient<Response = unknown, Metadata = unknown> extends CallableClient<
  Response,
  Metadata
> {}

/**
 * Makes a client of one that Connect-ES version 2 made, with whatever transport: Connect, gRPC or
 * gRPC-web. An abort ends the call, `callTimeout` becomes its `timeoutMs`. The `Any` in `response` and
 * `metadata` stays binary: `unpack` of `rx-lro/any` decodes it.
 *
 * Over JSON, the default of `createConnectTransport` of connect-web, an `Any` needs a type registry on both
 * sides: `jsonOptions: { registry: createRegistry(…) }` of the transport and of the server. Without one a call
 * fails with FAILED_PRECONDITION, and is not retried. `useBinaryFormat: true` needs none.
 *
 * Source: google/longrunning/operations.proto.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 * @param client - What `createClient(Operations, transport)` gave.
 * @param options - What goes along with the calls.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when the client has no `getOperation`, or an option is of the wrong type.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { connectClient, type ConnectOperationsClient } from 'rx-lro/connect';
 *
 * declare const operations: ConnectOperationsClient; // createClient(Operations, transport)
 *
 * const client = connectClient(operations);
 * console.log(await waitForDone(client, 'operations/1'));
 * ```
 */
export function connectClient<Response = unknown, Metadata = unknown>(
  client: ConnectOperationsClient,
  options: ConnectClientOptions = {},
): ConnectClient<Response, Metadata> {
  checkObject('client', client, ['getOperation']);
  checkObject('options', options);
  const { headers } = options;
  if (headers != null && typeof headers !== 'function') checkHeaders(headers);
  const call =
    <Answer>(method: Method) =>
    async (request: object, { signal, timeout }: Partial<CallOptions> = {}): Promise<Answer> => {
      const message = method === 'wait' ? waitMessage(request as WaitOperationRequest) : request;
      const make = async (given: ConnectHeaders | null | undefined): Promise<unknown> => {
        const callOptions = {
          ...(signal === undefined ? {} : { signal }),
          ...(timeout === undefined || timeout === Infinity ? {} : { timeoutMs: timeout }),
          ...(given == null ? {} : { headers: given }),
        };
        try {
          // A Connect client wants what its generated types say; these are the fields of the proto.
          const answer = await client[rpcOf(method)]?.(message as never, callOptions as never);
          return readAnswer(method, answer);
        } catch (error) {
          throw failureOf(error, signal?.aborted === true);
        }
      };
      if (typeof headers !== 'function') return (await make(headers)) as Answer;
      const give = async (context: HeaderContext): Promise<ConnectHeaders> => {
        const given = await headers(context);
        checkHeaders(given);
        return given;
      };
      return (await callWithCredentials(give, make)) as Answer;
    };
  return {
    get: call('get'),
    list: call('list'),
    cancel: call('cancel'),
    delete: call('delete'),
    ...(client.waitOperation === undefined ? {} : { wait: call('wait') }),
  };
}

function checkHeaders(headers: unknown): void {
  if (typeof headers === 'object' && headers !== null) return;
  checkFunction('headers', headers);
}

function waitMessage({ name, timeout }: WaitOperationRequest): object {
  if (timeout === undefined || timeout === Infinity) return { name };
  const { seconds, nanos } = durationOf(timeout);
  return { name, timeout: { seconds: BigInt(seconds), nanos } };
}
