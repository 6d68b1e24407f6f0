import { ProtocolError } from '../../core/errors/protocol-error.js';
import type { OperationLike } from '../../core/operation.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { is } from '../http/send.js';
import { contentOf } from './content.js';
import { identityOf, isJsonApi, provisioningState, statusWord } from './document.js';
import { errorIn } from './error.js';
import { httpUrl, type Monitor } from './name.js';
import { failure, refusal, targetOf, type Reached, type Subject } from './reach.js';
import { noUrl, notUrl, type StatusMonitorStart } from './start-options.js';
import { failureIn } from './verdict.js';
import { meaningOf } from './words.js';

/** The answer of a start call, and what is known of that. */
export interface Started extends Reached {
  readonly start: StatusMonitorStart;
  /** Whether `request` has the URL of the start call, and not `baseUrl`. */
  readonly isUrlKnown: boolean;
  /** Whether `fetch` has followed a redirect. */
  readonly isRedirected: boolean;
}

/**
 * Finds the monitor that the answer of a start call names.
 *
 * @returns undefined where the operation is done.
 * @throws CallFailedError when the answer says failure, ProtocolError when it names no monitor and is not done.
 */
export function monitorOf(subject: Subject, started: Started): Monitor | undefined {
  const { answer } = started;
  const target = targetOf(started);
  if (answer.status === 303 && target !== undefined) return { url: target, kind: 'http' };
  if (!is(2, answer.status)) throw failure(started);
  const document = answer.isCut ? undefined : parseJson(answer.text);
  const monitor =
    namedMonitor(subject, started, document) ??
    resource(started, document) ??
    redirectedTo(started, document);
  if (monitor === undefined && answer.status === 202) throw unnamed(started);
  return monitor;
}

/**
 * Makes a snapshot of the answer of a start call that is done.
 *
 * @throws CallFailedError or ProtocolError when its body cannot be read, ProtocolError when it says that it is not done.
 */
export function endOf(started: Started): OperationLike {
  const document = contentOf(started);
  const verdict = failureIn(document);
  if (verdict !== undefined) return { done: true, error: errorIn(document, verdict) };
  // With 201 a resource is there, and what has an id is one: its status is its own.
  const isResource = started.answer.status === 201 || identityOf(document) !== undefined;
  if (!isResource && runs(document)) throw unnamed(started);
  return { done: true, response: document };
}

function unnamed({ request, answer }: Reached): ProtocolError {
  return new ProtocolError({
    problem: `says that the work goes on and names no monitor (HTTP ${answer.status}, ${request.label}); the option \`monitor\` of \`operation\` can name it`,
    answer: answer.text.slice(0, 200),
    method: 'start',
  });
}

function runs(document: unknown): boolean {
  return meaningOf(statusWord(document) ?? '') === 'running';
}

function namedMonitor(subject: Subject, started: Started, document: unknown): Monitor | undefined {
  const { request, answer, start } = started;
  const at = (header: string): string | undefined => targetOf(started, header);
  const given = givenMonitor(start, request.url);
  const status = at('operation-location') ?? at('azure-asyncoperation');
  if (status !== undefined) {
    return { ...resultOf(started, status, true), url: given ?? status, kind: 'status' };
  }
  const isAccepted = answer.status === 202;
  const self = selfOf(started);
  const content = isAccepted && self === undefined ? at('content-location') : undefined;
  const url = given ?? content ?? (isAccepted ? at('location') : undefined);
  if (url === undefined) {
    const flawed = monitorHeaders(answer.status).find((each) => answer.headers.has(each));
    if (flawed === undefined || self !== undefined) return undefined;
    throw refusal(subject, request.url, `The header ${flawed} is not an http or https URL`);
  }
  return {
    ...resultOf(started, url, false),
    ...readingOf(url, document),
    hasDelete: url === content && isFhir(started, document),
  };
}

/** How a monitor is read whose HTTP status counts: with its document, where the start call has answered with that. */
function readingOf(url: string, document: unknown): Monitor {
  const hasDocument = isJsonApi(document) || statusWord(document) !== undefined;
  return hasDocument ? { url, kind: 'document', own: identityOf(document) } : { url, kind: 'http' };
}

/**
 * The URL of the start call, where `Content-Location` has that: it then says whose representation the body is, and names
 * no monitor (RFC 9110, 8.7). It may leave out the query.
 */
function selfOf(started: Started): string | undefined {
  const { url } = started.request;
  const [place, own, path] = [targetOf(started, 'content-location'), url, url.split('?')[0]].map(
    (each) => each?.replace(/\/(?=$|\?)/, ''),
  );
  return place !== undefined && [own, path].includes(place) ? url : undefined;
}

/** Tells whether an answer is one of FHIR's pattern, where a DELETE of the monitor cancels: no body, or one of FHIR. */
function isFhir({ answer, isUrlKnown }: Started, document: unknown): boolean {
  const type = answer.headers.get('content-type') ?? '';
  const isEmpty = !answer.isCut && answer.text.trim() === '' && !/vnd\.api/i.test(type);
  const isOfFhir = isRecord(document) && typeof document['resourceType'] === 'string';
  return isUrlKnown && (isEmpty || isOfFhir || /fhir/i.test(type));
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
  if (monitor == null) return undefined;
  const url = httpUrl(monitor, base);
  if (url === undefined) throw notUrl('monitor', monitor);
  return url;
}

/** A resource that tells by itself how it is, as in Azure. */
function resource(started: Started, document: unknown): Monitor | undefined {
  const { start, answer } = started;
  const state = provisioningState(document);
  const isUnderWay = state !== undefined && (meaningOf(state) ?? 'running') === 'running';
  const isPut = /^(put|patch)$/i.test(start.method ?? '');
  const self = selfOf(started);
  const isAccepted = answer.status === 202 && (isPut || self !== undefined);
  if (!isUnderWay && !isAccepted) return undefined;
  // Other methods are not those of the resource.
  const hasOriginal = isPut || start.method == null;
  const url = targetOf(started) ?? self ?? (hasOriginal ? originalOf(started) : undefined);
  if (url === undefined) return undefined;
  const isPlain = state === undefined && statusWord(document) !== undefined;
  return isPlain ? readingOf(url, document) : { url, kind: 'resource' };
}

/** Where `fetch` has followed a redirect, as it does after a POST: what it has come to may be the monitor. */
function redirectedTo(
  { isRedirected, request, answer }: Started,
  document: unknown,
): Monitor | undefined {
  const isMonitor = isRedirected && (answer.status === 202 || runs(document));
  return isMonitor ? readingOf(request.url, document) : undefined;
}

/** Where the result is once a monitor says success. Source: `final-state-via` of Azure's API descriptions. */
function resultOf(
  started: Started,
  monitor: string,
  saysStatus: boolean,
): Pick<Monitor, 'result' | 'isGuess' | 'isFixed'> {
  const { start, isUrlKnown } = started;
  const target = targetOf(started);
  const location = target === monitor ? undefined : target;
  const verb = start.method?.toUpperCase();
  if (start.resultAt === 'monitor') return { isFixed: true };
  if (start.resultAt === 'original') return { result: originalOf(started), isFixed: true };
  if (start.resultAt === 'location') {
    if (target === undefined) throw noLocation();
    return { result: location, isFixed: true };
  }
  if (verb === 'PUT') return { result: originalOf(started) };
  if (verb === 'DELETE') return {};
  if (location !== undefined) return { result: location };
  if (verb === 'PATCH') return { result: originalOf(started) };
  if (verb !== undefined || !saysStatus) return {};
  // It may have been a POST to a collection, whatever the status.
  return isUrlKnown ? { result: started.request.url, isGuess: true } : {};
}

/** The URL of the start call, which `baseUrl` is not. */
function originalOf({ request, isUrlKnown }: Started): string {
  if (isUrlKnown) return request.url;
  throw noUrl();
}

function noLocation(): RangeError {
  return new RangeError("Option `resultAt` is 'location', and the response has no such header.");
}
