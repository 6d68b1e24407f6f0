import { checkObject, wrongType } from '../../core/values/check.js';
import { redact } from '../../core/values/redact.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { is } from '../http/send.js';
import { httpUrl, type Monitor } from './name.js';
import { failure, refusal, targetOf, type Reached, type Subject } from './reach.js';
import { identityOf, isJsonApi, provisioningState, statusWord } from './verdict.js';

/** What a response does not tell of its own request. */
export interface StatusMonitorStart {
  /**
   * The method of the start call, in any case. After PUT and PATCH the result is the resource itself, after POST it is
   * at `Location`, where the monitor says success and does not name another place. Default: the resource is tried where
   * nothing else is known, and the monitor's document is the result where there is none.
   */
  readonly method?: string | undefined;
  /** The URL of the start call, where `url` of the response is empty, as it is where a test made it. Default: that. */
  readonly url?: string | undefined;
  /** The URL of the monitor, for a service that names it in no header. Default: what the headers say. */
  readonly monitor?: string | undefined;
  /**
   * Where the result is once the monitor says success: in the monitor's document, at the URL of the start call, or at
   * its `Location`. Default: by `method`.
   */
  readonly resultAt?: 'monitor' | 'original' | 'location' | undefined;
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
  const at = (header: string): string | undefined => {
    const place = targetOf(reached, header);
    if (place !== undefined || !answer.headers.has(header)) return place;
    throw refusal(subject, request.url, `The header ${header} is no URL of http or https`);
  };
  const given = givenMonitor(start, request.url);
  const status = at('operation-location') ?? at('azure-asyncoperation');
  if (status !== undefined) {
    return { ...resultOf(reached, start, status, true), url: given ?? status, kind: 'status' };
  }
  const isAccepted = answer.status === 202;
  const content = isAccepted ? at('content-location') : undefined;
  const url = given ?? content ?? (isAccepted ? at('location') : undefined);
  if (url === undefined) return undefined;
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

function givenMonitor({ monitor }: StatusMonitorStart, base: string): string | undefined {
  const url = monitor == null ? undefined : httpUrl(monitor, base);
  if (monitor == null || url !== undefined) return url;
  throw new RangeError(
    `Option \`monitor\` must be a URL of http or https; it is ${JSON.stringify(redact(monitor))}.`,
  );
}

/** A resource of Azure that tells by itself how it is. */
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
  const original = isPut || start.method == null ? reached.request.url : undefined;
  const url = targetOf(reached) ?? original;
  return url === undefined ? undefined : { url, kind: 'resource' };
}

/** Where the result is once a monitor says success. Source: `final-state-via` of Azure's API descriptions. */
function resultOf(
  reached: Reached,
  { method, resultAt }: StatusMonitorStart,
  monitor: string,
  saysStatus: boolean,
): Pick<Monitor, 'result' | 'isGuess'> {
  const original = reached.request.url;
  const target = targetOf(reached);
  const location = target === monitor ? undefined : target;
  const verb = method?.toUpperCase();
  if (resultAt === 'monitor') return {};
  if (resultAt === 'location') return { result: location };
  if (resultAt === 'original' || verb === 'PUT') return { result: original };
  if (verb === 'DELETE') return {};
  if (location !== undefined) return { result: location };
  if (verb === 'PATCH') return { result: original };
  if (verb !== undefined || !saysStatus) return {};
  // Only PUT and PATCH are answered with the resource. After 202 it may have been any method.
  return { result: original, isGuess: reached.answer.status === 202 };
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
  const { resultAt } = start;
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
  if (url !== undefined) return url;
  throw new RangeError(
    'The response does not tell its own URL: give the option `url`, the absolute URL of the start call.',
  );
}
