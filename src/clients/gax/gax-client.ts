import type {
  CallableClient,
  CallOptions,
  GetOperationRequest,
  ListOperationsResponse,
} from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import { checkObject } from '../../core/values/check.js';
import { readOperation } from '../protobuf/operation.js';
import { isRecord } from '../../core/values/record.js';
import { call } from './call.js';
import { clientIn, type GaxGeneratedClient, type GaxOperationsClient } from './source.js';

/** How `gaxClient` makes its calls. */
export interface GaxClientOptions {
  /** Header fields of every call, beside those of the client itself. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A client of a service through google-gax. Each method makes one call and does not retry: google-gax's
 * own retries are off. It has no `wait`, because google-gax has none.
 *
 * Each method rejects with the `GoogleError`, or with the signal's reason if that was aborted beforehand.
 * A `GoogleError` of the server is given a `status`: the code, the message of the server alone, and the
 * details, decoded. A stream that was reset when nobody had aborted is UNAVAILABLE there.
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
  const operation =
    (method: keyof GaxOperationsClient) =>
    async (
      request: GetOperationRequest,
      callOptions: Partial<CallOptions> = {},
    ): Promise<OperationLike> => {
      const [answer] = await call(client, method, request, headers, callOptions);
      return readOperation(answer);
    };
  return {
    // What the answers hold is the caller's word.
    get: operation('getOperation') as GaxClient<Response, Metadata>['get'],
    list: async (request, callOptions = {}) => {
      const answer = await call(client, 'listOperations', request, headers, callOptions);
      return readPage(answer) as ListOperationsResponse<Response, Metadata>;
    },
    cancel: operation('cancelOperation'),
    delete: operation('deleteOperation'),
  };
}

// Operations, the next request, and the page as it came: the last has all of it.
function readPage([operations, , page]: readonly unknown[]): ListOperationsResponse {
  const fields = isRecord(page) ? page : {};
  const all = fields['operations'] ?? operations;
  return {
    operations: Array.isArray(all) ? all.map(readOperation) : (all as undefined),
    nextPageToken: fields['nextPageToken'] as string | undefined,
    unreachable: fields['unreachable'] as string[] | undefined,
  };
}
