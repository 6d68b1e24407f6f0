import { abortReason } from '../../core/platform/abort-signal.js';
import type { CallableClient } from '../../core/client.js';
import type { OperationLike } from '../../core/operation.js';
import { checkName, encodeName } from '../http/name.js';
import { checkFunction, checkObject } from '../../core/values/check.js';
import { readStatusInMessage } from '../http/status-in-message.js';

/** `ai.operations` of `@google/genai`. */
export interface GenaiOperations {
  /** Asks for the latest state of an operation. */
  get(parameters: never): Promise<unknown>;
}

/**
 * A class of operations of `@google/genai`, such as `GenerateVideosOperation`.
 *
 * @typeParam Operation - What it makes.
 */
export type GenaiOperationClass<Operation extends GenaiOperation> = new () => Operation;

/** An operation of `@google/genai`. */
export interface GenaiOperation extends OperationLike {
  /** Reads an answer; it is of use to `@google/genai` alone. */
  _fromAPIResponse(parameters: never): unknown;
}

/**
 * A client of `ai.operations`. It has only `get`, as `@google/genai` has no more: a cancel is
 * UNIMPLEMENTED. Add the other methods of a service yourself: `{ ...client, cancel: rest.cancel }`.
 *
 * @typeParam Response - What the operations' `response` holds.
 * @typeParam Metadata - What the operations' `metadata` holds.
 */
export interface GenaiClient<Response, Metadata> extends Pick<
  CallableClient<Response, Metadata>,
  'get'
> {}

/**
 * Makes a client of `ai.operations` of `@google/genai`, for the Gemini API and for Vertex AI. An operation
 * is rebuilt from its name, so that a wait can be resumed by another process; the response is what
 * `@google/genai` makes of it, and typed.
 *
 * Each call makes one request: retries of `@google/genai` are off. An abort closes the request,
 * `callTimeout` becomes its timeout. On Vertex AI, where `@google/genai` does not pass the signal on, the
 * request is made by the platform's `fetch` for this reason.
 *
 * Calls reject with an Error whose `status` has the code, the message and the details that came, and
 * whose `cause` is the `ApiError`; with a RangeError or TypeError, before anything is sent, when a name is
 * refused.
 *
 * @typeParam Operation - What the class makes.
 * @param operations - `ai.operations`.
 * @param Operation - The class of the operations, for instance `GenerateVideosOperation`.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when one of them is something else.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { genaiClient, type GenaiOperationClass, type GenaiOperations } from 'rx-lro/genai';
 *
 * declare const ai: { readonly operations: GenaiOperations }; // new GoogleGenAI({ apiKey })
 * declare const GenerateVideosOperation: GenaiOperationClass<{ _fromAPIResponse(): unknown }>;
 *
 * const client = genaiClient(ai.operations, GenerateVideosOperation);
 * console.log(await waitForDone(client, 'models/veo-3.1-generate-preview/operations/1'));
 * ```
 */
export function genaiClient<Operation extends GenaiOperation>(
  operations: GenaiOperations,
  Operation: GenaiOperationClass<Operation>,
): GenaiClient<NonNullable<Operation['response']>, NonNullable<Operation['metadata']>> {
  checkObject('operations', operations, ['get']);
  checkFunction('Operation', Operation);
  return {
    get: async ({ name }, { signal, timeout } = {}) => {
      checkName(name);
      if (signal?.aborted === true) throw abortReason(signal);
      // Vertex AI takes the name in the body; the Gemini API puts it into the path as it is.
      const isVertex = name.startsWith('projects/');
      const operation = Object.assign(new Operation(), {
        name: isVertex ? name : encodeName(name, true),
      });
      const config = {
        ...(signal === undefined ? {} : { abortSignal: signal }),
        httpOptions: {
          retryOptions: { attempts: 1 },
          ...(timeout === undefined || timeout === Infinity ? {} : { timeout }),
          ...(isVertex && signal !== undefined ? { fetch: fetchWith(signal) } : {}),
        },
      };
      try {
        // Its parameters are typed by its own classes.
        const answer = await operations.get({ operation, config } as never);
        return answer as OperationLike<
          NonNullable<Operation['response']>,
          NonNullable<Operation['metadata']>
        >;
      } catch (error) {
        throw readStatusInMessage(error);
      }
    },
  };
}

function fetchWith(signal: AbortSignal): typeof fetch {
  return (input, init) => fetch(input, { ...init, signal });
}
