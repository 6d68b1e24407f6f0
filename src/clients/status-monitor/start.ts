import { checkObject, wrongType } from '../../core/values/check.js';
import { checkSignal } from '../../core/platform/abort-signal.js';
import { redact } from '../../core/values/redact.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { is } from '../http/send.js';
import { httpUrl, type Monitor } from './name.js';
import { failure, refusal, targetOf, type Reached, type Subject } from './reach.js';
import { identityOf, isJsonApi, provisioningState, statusWord } from './verdict.js';

/** What a response does not say about its own request. */
export interface StatusMonitorStart {
  /**
   * The method of the start call, in any case. After PUT and PATCH the result is the resource itself, after POST it is
   * at `Location`, where the monitor says success and does not name another place. Give it: a response does not tell it.
   * Default: where nothing else names a result and the monitor's document holds none, the URL of the start call is
   * tried, and the document is the result where there is nothing or a list.
   */
  readonly method?: string | undefined;
  /**
   * The URL of the start call, where `url` of the response is empty, as it is where a test made it. Default: that;
   * relative headers then resolve against `baseUrl`, and a result at the URL of the start call is refused.
   */
  readonly url?: string | undefined;
  /** The URL of the monitor, for a service that names it in no header. Default: what the headers say. */
  readonly monitor?: string | undefined;
  /**
   * Where the result is once the monitor says success: in the monitor's document, at the URL of the start call, or at
   * its `Location`. Default: by `method`.
   */
  readonly resultAt?: 'monitor' | 'original' | 'location' | undefined;
  /** Ends the reading of the answer; give it to the start call too. Default: none. */
  readonly signal?: AbortSignal | null | undefined;
}

/**
 * Finds the monitor that the answer of a start call names.
 *
 * @returns undefined where the operation is done.
 * @throws CallFailedError when the answer says failure, ProtocolError when it names no monitor and is not done.
 */
export function monitorOf(
  subject: Subject,
  reached: Reached,
  start: StatusMonitorStart,
): Monitor | undefined {
  const { request, answer } = reached;
  const { status } = answer;
  if (status === 303 && targetOf(reached) !== undefined) {
    return { url: targetOf(reached) as string, kind: 'http' };
  }
  if (!is(2, status)) throw failure(reached);
  const document = parseJson(answer.text);
  const monitor =
    namedMonitor(subject, reached, start, document) ?? resource(reached, start, document);
  if (monitor !== undefined || status !== 202) return monitor;
  throw new ProtocolError({
    problem: `says that the work goes on, and names no monitor in a header (HTTP 202, ${request.label}); the option \`monitor\` can`,
    answer: answer.text.slice(0, 200),
    method: 'start',
  });
}

function namedMonitor(
  subject: Subject,
  reached: Reached,
  start: StatusMonitorStart,
  document: unknown,
): Monitor | undefined {
  const { request, answer } = reached;
  const at = (header: string): string | undefined => targetOf(reached, header);
  const given = givenMonitor(start, request.url);
  const status = at('operation-location') ?? at('azure-asyncoperation');
  if (status !== undefined) {
    return { ...resultOf(reached, start, status, true), url: given ?? status, kind: 'status' };
  }
  const isAccepted = answer.status === 202;
  const content = isAccepted ? at('content-location') : undefined;
  const url = given ?? content ?? (isAccepted ? at('location') : undefined);
  if (url === undefined) {
    const flawed = monitorHeaders(answer.status).find((each) => answer.headers.has(each));
    if (flawed === undefined) return undefined;
    throw refusal(subject, request.url, `The header ${flawed} is not a URL of http or https`);
  }
  const hasDocument = isAccepted && (isJsonApi(document) || statusWord(document) !== undefined);
  return {
    ...resultOf(reached, start, url, false),
    url,
    kind: hasDocument ? 'document' : 'http',
    own: hasDocument ? identityOf(document) : undefined,
    // So FHIR has it.
    hasDelete: url === content && !isJsonApi(document),
  };
}

/** The headers that name a monitor. */
function monitorHeaders(status: number): readonly string[] {
  const accepted = status === 202 ? ['content-location', 'location'] : [];
  return ['operation-location', 'azure-asyncoperation', ...accepted];
}

/** Tells whether a response names a monitor, whatever its body says. */
export function namesMonitor(
  { status, headers }: Response,
  { monitor }: StatusMonitorStart,
): boolean {
  if (status === 303) return headers.has('location');
  const isNamed = monitor != null || monitorHeaders(status).some((each) => headers.has(each));
  return is(2, status) && isNamed;
}

function givenMonitor({ monitor }: StatusMonitorStart, base: string): string | undefined {
  const url = monitor == null ? undefined : httpUrl(monitor, base);
  if (monitor == null || url !== undefined) return url;
  throw new RangeError(
    `Option \`monitor\` must be a URL of http or https; it is ${JSON.stringify(redact(monitor))}.`,
  );
}

/** A resource of Azure that has its own status. */
function resource(
  reached: Reached,
  start: StatusMonitorStart,
  document: unknown,
): Monitor | undefined {
  const state = provisioningState(document);
  const isUnderWay = state !== undefined && !/^(succeeded|failed|cancell?ed)$/i.test(state);
  const isPut = /^(put|patch)$/i.test(start.method ?? '');
  if (!isUnderWay && !(isPut && reached.answer.status === 202)) return undefined;
  // Other methods are not those of the resource.
  const hasOriginal = isPut || start.method == null;
  const url = targetOf(reached) ?? (hasOriginal ? originalOf(reached, start) : undefined);
  return url === undefined ? undefined : { url, kind: 'resource' };
}

/** Where the result is once a monitor says success. Source: `final-state-via` of Azure's API descriptions. */
function resultOf(
  reached: Reached,
  start: StatusMonitorStart,
  monitor: string,
  saysStatus: boolean,
): Pick<Monitor, 'result' | 'isGuess'> {
  const { method, resultAt } = start;
  const target = targetOf(reached);
  const location = target === monitor ? undefined : target;
  const verb = method?.toUpperCase();
  if (resultAt === 'monitor') return {};
  if (resultAt === 'location') return { result: location };
  if (resultAt === 'original' || verb === 'PUT') {
    return { result: originalOf(reached, start) };
  }
  if (verb === 'DELETE') return {};
  if (location !== undefined) return { result: location };
  if (verb === 'PATCH') return { result: originalOf(reached, start) };
  if (verb !== undefined || !saysStatus) return {};
  // It may have been a POST to a collection, whatever the status.
  return start.url ? { result: reached.request.url, isGuess: true } : {};
}

/** The URL of the start call, which `baseUrl` is not. */
function originalOf({ request }: Reached, { url }: StatusMonitorStart): string {
  if (url) return request.url;
  throw noUrl();
}

/**
 * Checks what `operation` is given.
 *
 * @throws TypeError or RangeError that says what is wrong.
 */
export function checkStart(
  response: unknown,
  start: StatusMonitorStart,
): asserts response is Response {
  const { headers, status } = isRecord(response) ? response : {};
  const isResponse =
    typeof status === 'number' && isRecord(headers) && typeof headers['get'] === 'function';
  if (!isResponse) throw wrongType('response', response, 'the Response of the start call');
  checkObject('start', start);
  for (const option of ['method', 'url', 'monitor'] as const) {
    const value = start[option];
    if (value != null && typeof value !== 'string') throw wrongType(option, value, 'a string');
  }
  const { resultAt, signal } = start;
  if (signal != null) checkSignal(signal);
  if (resultAt == null || ['monitor', 'original', 'location'].includes(resultAt)) return;
  throw new RangeError(
    `Option \`resultAt\` must be 'monitor', 'original' or 'location'; it is ${JSON.stringify(resultAt)}.`,
  );
}

/**
 * Finds the URL of a start call.
 *
 * @throws RangeError when there is none.
 */
export function urlOf(
  response: Response,
  start: StatusMonitorStart,
  base: string | undefined,
): string {
  const given = response.url || start.url || base;
  const url = given === undefined ? undefined : httpUrl(given, base);
  if (url === undefined) throw noUrl();
  return url;
}

function noUrl(): RangeError {
  return new RangeError(
    'The response has no URL: give the option `url`, the absolute URL of the start call.',
  );
}
