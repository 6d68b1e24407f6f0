import type { CallableClient } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import type { Operation, OperationLike } from '../../core/operation.js';
import { plainUrl } from '../../core/errors/wording.js';
import { abortReason } from '../../core/platform/abort-signal.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';
import type { HttpAnswer } from '../http/answer.js';
import { networkFailure } from '../http/failure.js';
import { withPollAfter } from '../http/poll-after.js';
import { read } from '../http/send.js';
import { act, get, type Client } from './calls.js';
import { newMemory } from './memory.js';
import type { StatusMonitorMetadata } from './metadata.js';
import { writeName, type Monitor } from './name.js';
import { parseOptions, type MonitorSettings, type StatusMonitorClientOptions } from './options.js';
import { flawOfPlace, refusal, requestOf, type Subject } from './reach.js';
import { endOf, monitorOf, namesMonitor, type Started } from './start.js';
import { checkStart, urlOf, type StatusMonitorStart } from './start-options.js';
import { within } from './within.js';

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
   * a secret of the service. Keep the name in full: the fragment is a part of it.
   *
   * @param response - The answer, whose body has not been read, or a promise of it, such as `fetch(…)`. Where a header
   * names the monitor, the body may break off, and 10 seconds are taken for it at most.
   * @param start - What the response does not tell.
   * @returns The snapshot: done where the answer is the result. `Retry-After` becomes `pollAfter`.
   * @throws CallFailedError when the answer says failure, when it names a monitor that may not be asked, and when the
   * call itself fails; ProtocolError when it says that the work goes on and names no monitor; TypeError or RangeError
   * when something else is passed; RangeError when the URL of the start call or its `Location` is needed and not known,
   * and when the name would be longer than 8,192 characters; the signal's reason when that is aborted.
   */
  operation(
    response: globalThis.Response | PromiseLike<globalThis.Response>,
    start?: StatusMonitorStart,
  ): Promise<Operation<Response, StatusMonitorMetadata> & Pick<OperationLike, 'pollAfter'>>;
}

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
      (await begin(client, response, start)) as Operation<Response, StatusMonitorMetadata>,
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
  const response = await Promise.resolve(given).catch((error: unknown) =>
    startFailed(error, start),
  );
  const { settings, memory } = client;
  checkStart(response, start);
  const { base, hasHeaders, origins } = settings;
  const url = urlOf(response, start, base && `${base.origin}${base.path}/`);
  const { origin } = new URL(url);
  const about = { method: 'start', name: undefined } as const;
  const request = requestOf(about, url, start.method?.toUpperCase() ?? '');
  const wasRead = isRead(response);
  const answer = await answerOf(response, start).catch((error: unknown) => {
    throw start.signal?.aborted === true ? error : networkFailure(request, error);
  });
  // Whose credentials they are is not known after a redirect.
  const isKnown = !hasHeaders || !response.redirected;
  const home = client.home ?? (isKnown ? origin : undefined);
  const subject: Subject = { ...about, home };
  const isRedirected = response.redirected;
  const isUrlKnown = Boolean(response.url || start.url);
  // The call itself is the user's, also at another origin than `baseUrl`.
  const isForeign = hasHeaders && origin !== home && origins.has(origin);
  const started = { request, answer, start, isRedirected, isUrlKnown, isForeign };
  const monitor = monitorOf(subject, started);
  if (monitor === undefined) {
    if (wasRead) throw new TypeError(WAS_READ);
    return { name: url, ...endOf(started) };
  }
  // What could not be asked later is refused now.
  checkNamed(settings, subject, started, monitor);
  const name = writeName(monitor);
  if (hasHeaders && !isRedirected) client.home ??= origin;
  // A service may use the URL of a monitor again.
  memory.forget(name);
  return withPollAfter({ name, done: false }, answer.headers, Date.now());
}

/** Makes sure that what the answer of a start call names may be asked. The work has begun, and may not be known otherwise. */
function checkNamed(
  settings: MonitorSettings,
  subject: Subject,
  { request, answer, isForeign }: Started,
  { url, result }: Monitor,
): void {
  for (const [what, place] of Object.entries({ monitor: url, result })) {
    const flaw = place && flawOfPlace(settings, subject, place, isForeign);
    if (!place || !flaw) continue;
    const begun = `It was answered with HTTP ${answer.status}, so the operation may run, and names`;
    throw refusal(subject, request.url, `${begun} the ${what} ${plainUrl(place)}: ${flaw}`);
  }
}

/** Reads an answer. What names the monitor is enough: its body may break off, or never end. */
async function answerOf(response: Response, start: StatusMonitorStart): Promise<HttpAnswer> {
  const { signal } = start;
  const isNamed = namesMonitor(response, start);
  const headersOnly = async (): Promise<HttpAnswer> => ({
    ...(await read(new Response(null, response), undefined)),
    isCut: true,
  });
  if (isRead(response)) return headersOnly();
  const answer = await within(signal, isNamed, (limit) => {
    const reading = read(response, limit);
    return isNamed ? reading.catch(() => undefined) : reading;
  });
  return answer ?? headersOnly();
}

function isRead({ bodyUsed, body }: Response): boolean {
  return bodyUsed || body?.locked === true;
}

function startFailed(error: unknown, start: StatusMonitorStart): never {
  // As for a signal that is passed to a wait.
  if (start?.signal?.aborted === true) throw abortReason(start.signal);
  const { name } = isRecord(error) ? error : {};
  // The reason of the caller's own signal.
  if (name === 'AbortError' || name === 'TimeoutError') throw error;
  throw new CallFailedError({ method: 'start', status: statusFrom(error), cause: error });
}
