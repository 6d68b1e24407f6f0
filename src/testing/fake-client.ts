import type { CallableClient, CallOptions } from '../core/client.js';
import { CallFailedError } from '../core/errors/call-failed-error.js';
import type { Operation, OperationLike } from '../core/operation.js';
import { isRecord } from '../core/values/record.js';
import { outcomeOf, type Reply } from './reply.js';
import type { ServiceRequest } from './service.js';

/** The answer to GetOperation and WaitOperation. */
export type FakeAnswer = Operation & Pick<OperationLike, 'pollAfter'>;

/**
 * The client of a fake service. It has every method that the service has; `wait` only with the option `wait`. Each
 * call rejects with a CallFailedError, or with the signal's reason.
 */
export interface FakeClient extends CallableClient {
  /** GetOperation. */
  get(request: { readonly name: string }, options?: Partial<CallOptions>): Promise<FakeAnswer>;
  /** WaitOperation. */
  wait?(
    request: { readonly name: string; readonly timeout?: number | undefined },
    options?: Partial<CallOptions>,
  ): Promise<FakeAnswer>;
}

/** Makes a call to the service. */
export type MakeCall = (
  request: ServiceRequest,
  signal: AbortSignal | null | undefined,
) => Promise<Reply>;

/** Makes the client of a service. */
export function fakeClient(makeCall: MakeCall, hasWait: boolean): FakeClient {
  const call = async <Value>(
    request: ServiceRequest,
    options: Partial<CallOptions> = {},
  ): Promise<Value> =>
    // The answer of a fault may be anything; the caller must not trust it.
    valueOf(request, await makeCall(request, options.signal)) as Value;
  return {
    get: ({ name }, options) => call({ method: 'get', name }, options),
    list: (request, options) => call({ ...request, method: 'list' }, options),
    cancel: ({ name }, options) => call({ method: 'cancel', name }, options),
    delete: ({ name }, options) => call({ method: 'delete', name }, options),
    ...(hasWait && {
      wait: (request, options) => call<FakeAnswer>({ ...request, method: 'wait' }, options),
    }),
  };
}

function valueOf({ method, name }: ServiceRequest, reply: Reply): unknown {
  const { status, value, pollAfter } = outcomeOf(reply);
  if (status !== undefined) throw new CallFailedError({ method, operationName: name, status });
  const isOperation = (method === 'get' || method === 'wait') && isRecord(value);
  return isOperation && pollAfter !== undefined ? { ...value, pollAfter } : value;
}
