import type { CallableClient } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import type { OperationLike } from '../../core/operation.js';
import { newAbortController } from '../../core/platform/abort-controller.js';
import { abortReason, onAbort } from '../../core/platform/abort-signal.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';
import type { HttpAnswer } from '../http/answer.js';
import { networkFailure } from '../http/failure.js';
import { withPollAfter } from '../http/poll-after.js';
import { read } from '../http/send.js';
import { act, get, type Client } from './calls.js';
import { newMemory } from './memory.js';
import type { StatusMonitorMetadata } from './metadata.js';
import { writeName } from './name.js';
import { parseOptions, type StatusMonitorClientOptions } from './options.js';
import { checkPlaces, requestOf, type Subject } from './reach.js';
import { checkStart, monitorOf, namesMonitor, urlOf, type StatusMonitorStart } from './start.js';
import { endOf } from './state.js';

/**
 * A client of services that answer a long request with a monitor. `cancel` and `delete` resolve to `{}`.
 *
 * A `get` makes one request, and in the same call another one for the result once the monitor says success; redirects
 * come on top, 5 at most each time, and one for the URL in the name where a newer one fails. No method
 * retries. Each rejects
 *
 * - with a `CallFailedError` when the answer says failure, with an `HttpError` as `cause`; when a request would go to an
 *   origin that is not allowed; and when the service cannot be reached;
 * - with a `ProtocolError` when an answer that says success is not valid: HTML, or longer than 64 MiB;
 * - with a RangeError or TypeError, before anything is sent, when a name is refused; its `code` is 3, INVALID_ARGUMENT;
 * - with the signal's reason when that is aborted.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 */
export interface StatusMonitorClient<Response = unknown> extends Omit<
  CallableClient<Response, StatusMonitorMetadata>,
  'list' | 'wait'
> {
  /**
   * Makes the first snapshot of the answer of a start call. Its `name` has all that another process needs to go on:
   * the URL of the monitor, and in the fragment where the result is and how the monitor is read. A URL in it may hold
   * a secret of the service, as it came.
   *
   * @param response - The answer, with a body that was not read; or a promise of it, such as `fetch(…)`. Where a header
   * names the monitor, the body may break off, and 10 seconds are taken for it at most.
   * @param start - What the response does not tell.
   * @returns The snapshot: done where the answer is the result. `Retry-After` becomes `pollAfter`.
   * @throws CallFailedError when the answer says failure, when it names a monitor that may not be asked, and when the
   * call itself fails; ProtocolError when it says 202 and names no monitor; TypeError or RangeError when something else
   * is passed, and RangeError when the URL of the start call is needed and not known.
   */
  operation(
    response: globalThis.Response | PromiseLike<globalThis.Response>,
    start?: StatusMonitorStart,
  ): Promise<OperationLike<Response, StatusMonitorMetadata>>;
}

// In milliseconds: for the body of an answer that names a monitor in a header.
const MOST_TIME = 10_000;

const WAS_READ =
  'The body of the response was read already, and it is the result: pass the response before, or its `clone()`.';

/**
 * Makes a client of services that answer a long request with 202 and a monitor: Azure (`Azure-AsyncOperation`,
 * `Operation-Location`, `Location`, `provisioningState`), FHIR (`Content-Location`, `X-Progress`), JSON:API and plain
 * REST (the monitor's document until it answers 303 See Other).
 *
 * Credentials stay at the origin of `baseUrl`, and a monitor or a result elsewhere is refused unless `origins` has it.
 * When a service names a new monitor, the client follows. That is a hint, which it keeps for 1,000 operations, and
 * without which it asks the monitor in the name.
 *
 * Sources: RFC 9110, 15.3.3, 15.4.4 and 10.2.3; the Azure Resource Manager's asynchronous operations; FHIR R5,
 * Asynchronous Interaction Request Pattern, and Bulk Data Access; JSON:API, Asynchronous Processing.
 *
 * @typeParam Response - What the operations' `response` holds. Nothing checks it.
 * @param options - How to reach the service, and what differs there. Default: as above.
 * @returns The client. It sends nothing until it is called.
 * @throws TypeError when an option is of the wrong type, RangeError when it has a value that it cannot have.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { statusMonitorClient } from 'rx-lro/status-monitor';
 *
 * const monitor = statusMonitorClient({ baseUrl: 'https://films.example.com' });
 * const start = fetch('https://films.example.com/films/42', { method: 'PUT', body: '{}' });
 * const operation = await monitor.operation(start, { method: 'PUT' });
 * console.log(await waitForDone(monitor, operation));
 * ```
 */
export function statusMonitorClient<Response = unknown>(
  options: StatusMonitorClientOptions = {},
): StatusMonitorClient<Response> {
  const settings = parseOptions(options);
  const client: Client = { settings, memory: newMemory(), home: settings.base?.origin };
  return {
    operation: async (response, start = {}) =>
      (await begin(client, response, start)) as OperationLike<Response, StatusMonitorMetadata>,
    get: async ({ name }, callOptions = {}) =>
      (await get(client, name, callOptions)) as OperationLike<Response, StatusMonitorMetadata>,
    cancel: ({ name }, callOptions = {}) => act(client, 'cancel', name, callOptions),
    delete: ({ name }, callOptions = {}) => act(client, 'delete', name, callOptions),
  };
}

async function begin(
  client: Client,
  given: unknown,
  start: StatusMonitorStart,
): Promise<OperationLike> {
  const response = await Promise.resolve(given).catch(startFailed);
  const { settings, memory } = client;
  checkStart(response, start);
  const { base, hasHeaders } = settings;
  const url = urlOf(response, start, base && `${base.origin}${base.path}/`);
  const { origin } = new URL(url);
  const about = { method: 'start', name: undefined } as const;
  const request = requestOf(about, url);
  const wasRead = response.bodyUsed;
  const answer = await answerOf(response, start).catch((error: unknown) => {
    throw start.signal?.aborted === true ? error : networkFailure(request, error);
  });
  const reached = { request, answer };
  // Whose credentials they are is not known after a redirect.
  const isKnown = !hasHeaders || !response.redirected;
  const subject: Subject = { ...about, home: client.home ?? (isKnown ? origin : undefined) };
  const monitor = monitorOf(subject, reached, { ...start, url: response.url || start.url });
  if (monitor === undefined) {
    if (wasRead) throw new TypeError(WAS_READ);
    return { name: url, ...endOf(settings, reached) };
  }
  // What could not be asked later is refused now.
  checkPlaces(settings, subject, monitor);
  const name = writeName(monitor);
  if (!response.redirected) client.home ??= origin;
  // A service may use the URL of a monitor again.
  memory.forget(name);
  return withPollAfter({ name, done: false }, reached.answer.headers, Date.now());
}

/** Reads an answer. What names the monitor is enough: its body may break off, or never end. */
async function answerOf(response: Response, start: StatusMonitorStart): Promise<HttpAnswer> {
  const { signal } = start;
  const isNamed = namesMonitor(response, start);
  const headersAlone = (): Promise<HttpAnswer> => read(new Response(null, response), undefined);
  if (response.bodyUsed) return headersAlone();
  const controller = newAbortController();
  const limit = controller.signal;
  const abort = (): void => controller.abort();
  if (signal?.aborted === true) abort();
  const stopListening = signal == null ? undefined : onAbort(signal, abort);
  const timer = isNamed ? setTimeout(abort, MOST_TIME) : undefined;
  try {
    const cut = new Promise<undefined>((resolve) => {
      if (limit.aborted) resolve(undefined);
      else onAbort(limit, () => resolve(undefined));
    });
    const reading = read(response, limit);
    const answer = await Promise.race([cut, isNamed ? reading.catch(() => undefined) : reading]);
    if (signal?.aborted === true) throw abortReason(signal);
    return answer ?? (await headersAlone());
  } finally {
    clearTimeout(timer);
    stopListening?.();
  }
}

function startFailed(error: unknown): never {
  const { name } = isRecord(error) ? error : {};
  // The reason of the caller's own signal.
  if (name === 'AbortError' || name === 'TimeoutError') throw error;
  throw new CallFailedError({ method: 'start', status: statusFrom(error), cause: error });
}
