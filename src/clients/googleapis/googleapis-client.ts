import type {
  CallOptions,
  ListOperationsResponse,
  Method,
  OperationsClient,
} from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import { checkObject, checkWord } from '../../core/values/check.js';
import { checkName, encodeName } from '../http/name.js';
import { withPollAfter } from '../http/poll-after.js';
import { millisToDuration } from '../../core/status/duration.js';
import { checkWhole, failureOf } from './failure.js';

/**
 * An `operations` collection of `googleapis` or `@googleapis/…`, such as
 * `run({ version: 'v2', auth }).projects.locations.operations`.
 */
export interface GoogleapisCollection {
  /** GetOperation. */
  get(params: never, options: never): unknown;
  /** ListOperations. */
  list?(params: never, options: never): unknown;
  /** CancelOperation. */
  cancel?(params: never, options: never): unknown;
  /** DeleteOperation. */
  delete?(params: never, options: never): unknown;
  /** WaitOperation. */
  wait?(params: never, options: never): unknown;
}

/** How `googleapisClient` makes its calls. */
export interface GoogleapisClientOptions {
  /** Query parameters of every call, such as `{ '$.xgafv': '2' }` or `{ quotaUser: 'u' }`. Default: none. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Where `wait` has the time to wait: in the `'body'`, as most services want it (Cloud Run, Translation),
   * or in the `'query'` (Vertex AI). Default `'body'`.
   */
  readonly waitTimeout?: 'body' | 'query' | undefined;
}

/**
 * Makes a client of an `operations` collection of `googleapis` or `@googleapis/…`. It has the methods that
 * the collection has. Each makes one request: the collection's own retries are off. An abort closes the
 * request, `callTimeout` becomes its timeout. Names are encoded segment by segment, and one that would
 * lead out of its path is refused.
 *
 * Calls reject with the `GaxiosError`; with an Error whose `status` is UNAVAILABLE when the body is empty or breaks
 * off, or DEADLINE_EXCEEDED when gaxios' own timeout is up; with a RangeError or TypeError, before anything is sent,
 * when a name is refused.
 *
 * Source: the discovery documents, in which the collections have one parameter, `{+name}`.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @typeParam Metadata - What the operations' `metadata` holds. Nothing checks it.
 * @param collection - The collection.
 * @param options - What goes along with the calls.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when the collection has no `get`; TypeError or RangeError when an option is wrong.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { googleapisClient, type GoogleapisCollection } from 'rx-lro/googleapis';
 *
 * declare const operations: GoogleapisCollection; // run({ version: 'v2', auth }).projects.locations.operations
 *
 * const client = googleapisClient(operations);
 * console.log(await waitForDone(client, 'projects/p/locations/l/operations/1'));
 * ```
 */
export function googleapisClient<Response = unknown, Metadata = unknown>(
  collection: GoogleapisCollection,
  options: GoogleapisClientOptions = {},
): OperationsClient<Response, Metadata> {
  checkObject('collection', collection, ['get']);
  checkObject('options', options);
  const { params } = options;
  const waitTimeout = options.waitTimeout ?? 'body';
  if (params != null) checkObject('params', params);
  checkWord('waitTimeout', waitTimeout, ['body', 'query']);
  const call = async <Answer>(
    method: Method,
    name: string,
    own: Readonly<Record<string, unknown>>,
    { signal, timeout }: Partial<CallOptions> = {},
  ): Promise<Answer> => {
    checkName(name);
    const request = { ...params, ...own, name: encodeName(name, true) };
    const requestOptions = {
      retry: false,
      ...(signal === undefined ? {} : { signal }),
      ...(timeout === undefined || timeout === Infinity ? {} : { timeout }),
    };
    try {
      // A collection is typed by its own schemas; these are the parameters that all of them have.
      const answer: unknown = await collection[method]?.(request as never, requestOptions as never);
      const { data, headers } = answer as { data: Answer; headers?: unknown };
      if (method !== 'cancel' && method !== 'delete') checkWhole(answer);
      return withPollAfter(data, headers, Date.now());
    } catch (error) {
      throw failureOf(error);
    }
  };
  type Client = OperationsClient<Response, Metadata>;
  const methods: Required<Pick<Client, Method>> = {
    get: ({ name }, callOptions) =>
      call<OperationLike<Response, Metadata>>('get', name, {}, callOptions),
    list: ({ name, ...own }, callOptions) =>
      call<ListOperationsResponse<Response, Metadata>>('list', name, own, callOptions),
    cancel: ({ name }, callOptions) => call('cancel', name, { requestBody: {} }, callOptions),
    delete: ({ name }, callOptions) => call('delete', name, {}, callOptions),
    wait: ({ name, timeout }, callOptions) => {
      const time =
        timeout === undefined || timeout === Infinity ? {} : { timeout: millisToDuration(timeout) };
      const own = waitTimeout === 'query' ? time : { requestBody: time };
      return call<OperationLike<Response, Metadata>>('wait', name, own, callOptions);
    },
  };
  const present = Object.entries(methods).filter(
    ([method]) => typeof collection[method as Method] === 'function',
  );
  // `get` was checked to be there.
  return Object.fromEntries(present) as unknown as Client;
}
