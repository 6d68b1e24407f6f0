import { Observable, type ObservableInput, type Observer, type Unsubscribable } from 'rxjs';
import { withListener } from '../core/call/answer-stream.js';
import { checkClient } from '../core/call/check-client.js';
import type { CallOptions, OperationsClient } from '../core/client.js';
import type { Operation, OperationLike } from '../core/operation.js';
import { Fleet, type PassedMethod } from './fleet.js';
import { resolveFleetSettings, type FleetOptions } from './options.js';
import type { JoinRequest } from './waiters.js';

/**
 * Has a client watch thousands of operations under one budget of calls. `poll`, `waitForDone` and the
 * others take what it gives as they take any client.
 *
 * All who wait for the same operation share one call. Each operation is looked at by the `backoff`; when
 * all together ask for more than the limits allow, their delays stretch alike, and none starves. With
 * `sweep`, one list answers for many operations: it is used where it is cheaper: the news comes
 * sooner, as a rule for fewer calls. What a list
 * does not show is asked about by Get, and so is everything while lists fail. On RESOURCE_EXHAUSTED (HTTP
 * 429) the whole fleet goes half as fast, at least as long as the server asks for by `RetryInfo`, and
 * comes back to its whole rate within a minute of answers. Cancels and deletes take turns with looks.
 *
 * It answers `wait` with no call of its own once there is news of the operation, and `get` with a look
 * that begins after it was asked. While nobody waits there is no call, no timer and no listener.
 * Only, where a wait ends by its own `timeout`, a look goes on for 100 ms, for whoever asks again.
 *
 * One call serves many waits, so it runs in the async context of none of them: all calls of a fleet, and
 * what it tells those who wait, run in the context (AsyncLocalStorage, zone.js) in which `fleetClient` was
 * called.
 *
 * @param client - Any client; sweeps need its `list`.
 * @param options - All optional; the interface says what each does, in which unit, and its default.
 * @returns A client for as many waits as there are. It answers with Observables: to leave one is to
 * unsubscribe, as `poll` does.
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
