import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { Code } from '../../core/status/code.js';
import { withHeaders } from '../../core/status/retry-after.js';
import type { Status } from '../../core/status/status.js';
import { plainUrl } from '../../core/errors/wording.js';
import { parseJson } from '../../core/values/json.js';
import type { HttpAnswer } from '../http/answer.js';
import { failureOf } from '../http/failure.js';
import type { HttpRequest } from '../http/request.js';
import { send } from '../http/send.js';
import { statusOfCall } from './fhir.js';
import { httpUrl } from './name.js';
import type { MonitorSettings } from './options.js';

const MOST_REDIRECTS = 5;
const ADVICE = `At most ${MOST_REDIRECTS} redirects are followed, to http and https URLs, and those of a cancel at one origin only. A browser does not tell where a redirect leads: its monitors must answer without one.`;

/** What requests are about. */
export interface Subject {
  readonly method: HttpRequest['method'];
  /** The name of the operation; undefined while it has none. */
  readonly name: string | undefined;
  /** The origin of the service, which is sent `headers`. */
  readonly home: string | undefined;
}

/** An answer, and the URL that gave it. */
export interface Reached {
  readonly request: HttpRequest;
  readonly answer: HttpAnswer;
  /** Whether another origin than the service's own has had a say in it: what it names is sent no `headers`. */
  readonly isForeign: boolean;
}

/** Where a result is. */
export interface Place {
  readonly url: string;
  /** Whether another origin than the service's own has named it. */
  readonly isForeign?: boolean;
  /** Whether there may be nothing. */
  readonly isGuess?: boolean;
}

/** Makes a request. */
export function requestOf(
  { method, name }: Pick<Subject, 'method' | 'name'>,
  url: string,
  verb = 'GET',
): HttpRequest {
  return { method, name, verb, url, label: `${verb} ${plainUrl(url)}`.trim(), body: undefined };
}

/**
 * Tells whether requests may go to an origin.
 *
 * @param isForeign - Whether another origin has named it: that cannot say what is sent `headers`, or a DELETE.
 */
export function isAllowed(
  { origins }: MonitorSettings,
  { home }: Subject,
  origin: string,
  isForeign: boolean,
): boolean {
  return origin === home ? !isForeign : origins.has(origin);
}

/**
 * Makes sure that a request may go to a URL. Many services have their monitors outside of the path of their API, so the
 * origin alone decides.
 *
 * @throws CallFailedError when it is at an origin that is not allowed.
 */
export function checkPlace(settings: MonitorSettings, subject: Subject, url: string): void {
  const flaw = flawOfPlace(settings, subject, url, false);
  if (flaw !== undefined) throw refusal(subject, url, flaw);
}

/** Says why no request may go to a URL, and what allows it. @returns undefined where one may. */
export function flawOfPlace(
  settings: MonitorSettings,
  subject: Subject,
  url: string,
  isForeign: boolean,
): string | undefined {
  const { home } = subject;
  const { origin } = new URL(url);
  if (isAllowed(settings, subject, origin, isForeign)) return undefined;
  if (home === undefined) {
    return `Nothing says that \`headers\` are meant for ${origin}: set \`baseUrl\` to where the service is`;
  }
  return origin === home
    ? `Another origin cannot say what is requested at ${origin}`
    : `${origin} is a different origin from ${home}; add it to \`origins\` to allow it`;
}

/** Makes the error for what the service asks and is not done. */
export function refusal(subject: Subject, url: string, message: string): CallFailedError {
  const { method, name: operationName } = subject;
  const status = { code: Code.FAILED_PRECONDITION, message, details: [] };
  return new CallFailedError({ method, operationName, url, status });
}

/** How a request is sent. */
interface Sending {
  /** The method of HTTP. Default `'GET'`. */
  readonly verb?: string;
  /** Whether 303 is followed too; it is what a monitor says at the end. Default false. */
  readonly isResult?: boolean;
  /** Whether another origin than the service's own has named the URL. Default false. */
  readonly isForeign?: boolean | undefined;
}

/**
 * Sends a request without a body, and follows redirects: any of a GET, and of others those that keep the method and
 * the origin. Once a request has left the service's own origin, none is sent `headers`.
 *
 * @returns The last answer; a redirect where it is not followed.
 * @throws CallFailedError when an origin is not allowed, or a request fails.
 */
export async function follow(
  settings: MonitorSettings,
  subject: Subject,
  start: string,
  signal: AbortSignal | null | undefined,
  { verb = 'GET', isResult = false, isForeign: isGivenForeign = false }: Sending = {},
): Promise<Reached> {
  const isGet = verb === 'GET';
  const followed = isGet ? [301, 302, 307, 308, ...(isResult ? [303] : [])] : [307, 308];
  let url = start;
  let isForeign = isGivenForeign;
  for (let redirects = 0; ; redirects += 1) {
    checkPlace(settings, subject, url);
    const { origin } = new URL(url);
    isForeign ||= origin !== subject.home;
    const request = requestOf(subject, url, verb);
    const answer = await send(isForeign ? settings.bare : settings.own, request, signal);
    const reached = { request, answer, isForeign };
    const target = targetOf(reached);
    const isFollowed = followed.includes(answer.status) && redirects < MOST_REDIRECTS;
    if (target === undefined || !isFollowed) return reached;
    if (!isGet && new URL(target).origin !== origin) return reached;
    url = target;
  }
}

/** Tells whether an answer only says something of the caller, the rate of calls or the load. */
export function isRefusal({ status, headers }: HttpAnswer): boolean {
  return [401, 408, 429].includes(status) || (status === 503 && headers.has('retry-after'));
}

/** Tells whether nothing is there. */
export function isGone({ answer }: Reached): boolean {
  return answer.status === 404 || answer.status === 410;
}

/** Where an answer leads. @returns undefined where it is not an http or https URL. */
export function targetOf(
  { request, answer }: Pick<Reached, 'request' | 'answer'>,
  header = 'location',
): string | undefined {
  // A proxy may have doubled the header.
  const [place, ...others] = new Set(answer.headers.get(header)?.split(/,\s+/));
  return place === undefined || others.length > 0 ? undefined : httpUrl(place, request.url);
}

/** Makes the error for an answer that does not say success, or of which something else is known. */
export function failure(
  { request, answer }: Pick<Reached, 'request' | 'answer'>,
  known?: Status,
): CallFailedError {
  const error = failureOf(request, answer, Date.now(), ADVICE);
  const isReadable = !answer.isCut && !answer.isRedirect;
  const read = known ?? (isReadable ? statusOfCall(parseJson(answer.text), answer.status) : known);
  if (read === undefined) return error;
  const { method, name: operationName, url } = request;
  const status = withHeaders(read, answer.status, answer.headers, Date.now());
  return new CallFailedError({ method, operationName, url, status, cause: error.cause });
}
