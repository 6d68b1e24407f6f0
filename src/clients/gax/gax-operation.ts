import type { OperationsClient } from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import type { PollOptions } from '../../core/options.js';
import { checkObject } from '../../core/values/check.js';
import { anyOf } from '../protobuf/any.js';
import { readOperation } from '../protobuf/operation.js';
import { gaxClient } from './gax-client.js';
import type { GaxOperation } from './source.js';

/** What `poll` and `waitForDone` take: a client, a snapshot, and options that decode. */
export type GaxOperationSource<Response, Metadata> = readonly [
  client: OperationsClient,
  operation: OperationLike,
  options: PollOptions<Response, Metadata> & {
    /** Decodes the response. */
    readonly response: (any: unknown) => Response;
    /** Decodes the metadata. */
    readonly metadata: (any: unknown) => Metadata;
  },
];

/**
 * Takes over the `Operation` of google-gax that a method of a generated client returns. Its own polling is
 * not used: do not call its `promise()`, or listen to it, as well.
 *
 * The response and the metadata are decoded by the generated client's own types, and so they are typed.
 * A generated client does not tell their names, so that the type URL cannot be checked: for this there is
 * `unpack` of `rx-lro/any`.
 *
 * @typeParam Response - The message of its response.
 * @typeParam Metadata - The message of its metadata.
 * @param operation - The first of what the method resolves to.
 * @param options - As for `poll`, without `response` and `metadata`.
 * @returns The parameters of `poll` and `waitForDone`.
 * @throws TypeError when it is not an `Operation` of google-gax.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { gaxOperation, type GaxOperation } from 'rx-lro/gax';
 *
 * interface Instance { name?: string | null }
 * declare const operation: GaxOperation<Instance, object>; // const [operation] = await client.createInstance(…)
 *
 * const instance = await waitForDone(...gaxOperation(operation, { timeout: 600_000 }));
 * console.log(instance.name);
 * ```
 */
export function gaxOperation<Response, Metadata>(
  operation: GaxOperation<Response, Metadata>,
  options: Omit<PollOptions, 'response' | 'metadata'> = {},
): GaxOperationSource<Response, Metadata> {
  const { latestResponse, longrunningDescriptor } = operation ?? {};
  if (typeof latestResponse !== 'object' || typeof longrunningDescriptor !== 'object') {
    throw new TypeError(
      'gaxOperation takes the Operation of google-gax: the first of what a generated method resolves to, as in `const [operation] = await client.createInstance(…)`.',
    );
  }
  checkObject('options', options);
  // By name, as the core reads them: a spread loses options that are inherited.
  const { signal, timeout, callTimeout, cancelTimeout, holdTimeout } = options;
  const { onAbort, notifier, backoff, retry, onEvent, scheduler } = options;
  const { operationsClient, responseDecoder, metadataDecoder } = longrunningDescriptor;
  return [
    gaxClient(operationsClient),
    readOperation(latestResponse),
    {
      signal,
      timeout,
      callTimeout,
      cancelTimeout,
      holdTimeout,
      onAbort,
      notifier,
      backoff,
      retry,
      onEvent,
      scheduler,
      // The types are those of the generated client, which made the decoders.
      response: decoderOf(responseDecoder) as (any: unknown) => Response,
      metadata: decoderOf(metadataDecoder) as (any: unknown) => Metadata,
    } satisfies Record<keyof PollOptions, unknown>,
  ];
}

function decoderOf(decode: unknown): (any: unknown) => unknown {
  // Without a decoder there is nothing to make a message with: what came stays as it is.
  if (typeof decode !== 'function') return (any) => any;
  const fromBytes = decode as (bytes: Uint8Array) => unknown;
  // An operation that is done without a response has an empty one: so google-gax sees it too.
  return (any) => fromBytes(anyOf(any)?.bytes ?? new Uint8Array());
}
