import { Observable, type ObservableInput, type Observer, type Unsubscribable } from 'rxjs';
import { withListener } from '../core/call/answer-stream.js';
import { checkClient } from '../core/call/check-client.js';
import type { CallOptions, OperationsClient } from '../core/client.js';
import type { Operation, OperationLike } from '../core/operation.js';
import { Fleet, type PassedMethod } from './fleet.js';
import { resolveFleetSettings, type FleetOptions } from './options.js';
import type { JoinRequest } from './waiters.js';

/**
 * Wraps a client so that thousands of waits share one budget of calls. `poll`, `waitForDone` and the others
 * take the result as they take any client.
 *
 * All waits for the same operation share one call. The `backoff` decides when an operation is requested;
 * when all of them together ask for more calls than the limits allow, all delays are stretched by the same
 * factor, and no wait starves. With `sweep`, one list answers for many operations where that is cheaper:
 * results come sooner, usually for fewer calls. What a list does not show is requested by Get, and so is
 * everything while lists fail; and, as a list may be of a stale view, what lists show without a change for an
 * hour gets one Get, with at most a tenth of the calls. On RESOURCE_EXHAUSTED (HTTP 429) the whole fleet halves
 * its rate and pauses for at least as long as `RetryInfo` asks for; after a minute of answers it is back at its
 * full rate.
 *
 * `get` is answered by a request that begins after it, `wait` as soon as the operation has changed, without a
 * call of its own. While nothing waits there is no call, no timer and no listener. Exception: after the
 * `timeout` of a `wait`, a request in flight is kept for 100 ms in case it is asked for again.
 *
 * One call serves many waits, so all calls of a fleet, and what it reports to the waits, run in the async
 * context (AsyncLocalStorage, zone.js) in which `fleetClient` was called.
 *
 * An object that you wrap around the result is a client like any other, with the default `callTimeout` of
 * 60 s, unless it passes the member `pacing` on.
 *
 * @param client - Any client; sweeps need its `list`.
 * @param options - All optional; the interface says what each does, in which unit, and its default.
 * @returns A client for any number of waits. It answers with Observables: unsubscribe to end a request, as
 * `poll` does.
 * @throws TypeError or RangeError when the client or an option is not valid.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { fleetClient } from 'rx-lro/fleet';
 * import { restClient } from 'rx-lro/rest';
 *
 * const client = fleetClient(restClient({ baseUrl: 'https://speech.googleapis.com' }), {
 *   callsPerSecond: 5,
 *   sweep: { parent: 'projects/p/locations/global', pageSize: 1000 },
 * });
 *
 * export const transcripts = (names: readonly string[]): Promise<unknown[]> =>
 *   Promise.all(names.map((name) => waitForDone(client, name)));
 * ```
 */
export function fleetClient<Response = unknown, Metadata = unknown>(
  client: OperationsClient<Response, Metadata>,
  options: FleetOptions = {},
): OperationsClient<Response, Metadata> {
  checkClient(client);
  const settings = resolveFleetSettings(options);
  const fleet = new Fleet(client, settings);
  const join = (request: JoinRequest): Observable<OperationLike<Response, Metadata>> => {
    const listen = (observer: Observer<Operation>): Unsubscribable =>
      fleet.waiters.join(request, observer);
    const answer = withListener(new Observable<Operation>(listen), listen);
    return answer as Observable<OperationLike<Response, Metadata>>;
  };
  const pass = <Answer>(
    method: PassedMethod,
    name: string,
    start: (callOptions: CallOptions) => ObservableInput<Answer>,
  ): Observable<Answer> =>
    new Observable((subscriber) => {
      const call = fleet.pass(method, name, start, subscriber);
      return () => fleet.leave(call);
    });
  const list = client.list?.bind(client);
  const cancel = client.cancel?.bind(client);
  const remove = client.delete?.bind(client);
  return {
    get: ({ name }) => join({ name, method: 'get' }),
    wait: ({ name, timeout }) => join({ name, method: 'wait', timeout }),
    ...(list && { list: (to) => pass('list', to.name, (given) => list(to, given)) }),
    ...(cancel && { cancel: (to) => pass('cancel', to.name, (given) => cancel(to, given)) }),
    ...(remove && { delete: (to) => pass('delete', to.name, (given) => remove(to, given)) }),
    pacing: { holdsCalls: true, callsPerSecond: settings.limits.callsPerSecond },
  };
}
