import type { CallableClient, CallOptions, Method } from '../../core/client.js';
import { checkObject } from '../../core/values/check.js';
import { isRecord } from '../../core/values/record.js';
import { readAnswer, rpcOf } from '../protobuf/rpc.js';
import { call } from './call.js';
import { clientIn, type GaxGeneratedClient, type GaxOperationsClient } from './source.js';

/** How `gaxClient` makes its calls. */
export interface GaxClientOptions {
  /** Header fields of every call, in addition to those of the client itself. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A client of a service through google-gax. Each method makes one call and does not retry: google-gax's
 * own retries are off. It has no `wait`, because google-gax has none.
 *
 * Each method rejects with the `GoogleError`, or with the signal's reason if that was aborted beforehand.
 * A `GoogleError` of the server is given a `status`: the code, the message of the server alone, and the
 * details, decoded. A stream that was reset without an abort of the caller is UNAVAILABLE there.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 */
export interface GaxClient<Response = unknown, Metadata = unknown> extends CallableClient<
  Response,
  Metadata
> {}

/**
 * Makes a client of google-gax's `OperationsClient`, or of a generated client that has one, over gRPC or
 * REST. An abort cancels the call, `callTimeout` becomes its timeout. The `Any` in `response` and
 * `metadata` stays binary: `unpack` of `rx-lro/any` decodes it. For the `Operation` that a generated
 * method returns there is `gaxOperation`, which decodes and types by itself.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 * @param source - The `OperationsClient`, or the generated client.
 * @param options - What goes along with the calls.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when the source is neither, or an option is of the wrong type.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { gaxClient, type GaxGeneratedClient } from 'rx-lro/gax';
 *
 * declare const instances: GaxGeneratedClient; // new InstanceAdminClient()
 *
 * const client = gaxClient(instances);
 * console.log(await waitForDone(client, 'projects/p/instances/i/operations/1'));
 * ```
 */
export function gaxClient<Response = unknown, Metadata = unknown>(
  source: GaxOperationsClient | GaxGeneratedClient,
  options: GaxClientOptions = {},
): GaxClient<Response, Metadata> {
  const client = clientIn(source);
  checkObject('options', options);
  const headers = options.headers ?? undefined;
  if (headers !== undefined) checkObject('headers', headers);
  const make =
    <Answer>(method: Exclude<Method, 'wait'>) =>
    async (request: object, callOptions: Partial<CallOptions> = {}): Promise<Answer> => {
      const values = await call(client, rpcOf(method), request, headers, callOptions);
      // The caller says what the answers hold.
      return readAnswer(method, method === 'list' ? pageOf(values) : values[0]) as Answer;
    };
  return {
    get: make('get'),
    list: make('list'),
    cancel: make('cancel'),
    delete: make('delete'),
  };
}

// Operations, the next request, and the page as it came: the last has all of it.
function pageOf([operations, , page]: readonly unknown[]): object {
  const fields = isRecord(page) ? page : {};
  return { ...fields, operations: fields['operations'] ?? operations };
}
