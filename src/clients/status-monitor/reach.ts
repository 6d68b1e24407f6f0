import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { Code } from '../../core/status/code.js';
import { plainUrl } from '../../core/errors/wording.js';
import type { HttpAnswer } from '../http/answer.js';
import { failureOf } from '../http/failure.js';
import type { HttpRequest } from '../http/request.js';
import { send, type Sender } from '../http/send.js';
import { httpUrl, type Monitor } from './name.js';
import type { MonitorSettings } from './options.js';

const MOST_REDIRECTS = 5;
const ADVICE = `At most ${MOST_REDIRECTS} redirects are followed, to http and https URLs. A browser does not show where a redirect leads: its monitors must answer without one.`;

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
}

/** Makes a request. */
export function requestOf(
  { method, name }: Pick<Subject, 'method' | 'name'>,
  url: string,
  verb = 'GET',
): HttpRequest {
  return { method, name, verb, url, label: `${verb} ${plainUrl(url)}`, body: undefined };
}

/**
 * Finds what may send a request to a URL.
 *
 * @throws CallFailedError when it is at an origin that is not allowed.
 */
function senderFor(settings: MonitorSettings, subject: Subject, url: string): Sender {
  const { origin } = new URL(url);
  if (origin === subject.home) return settings.own;
  if (settings.origins.has(origin)) return settings.bare;
  const message =
    subject.home === undefined
      ? `Nothing says that \`headers\` are meant for ${origin}: set \`baseUrl\` to where the service is`
      : `The service redirects to ${origin}, which is another origin than ${subject.home}: \`origins\` has to allow it`;
  throw refusal(subject, url, message);
}

/**
 * Makes sure that what a name holds may be asked. Many services have their monitors outside of the path of their API, so
 * the origin alone decides.
 *
 * @throws CallFailedError when it is at an origin that is not allowed.
 */
export function checkPlaces(
  settings: MonitorSettings,
  subject: Subject,
  { url: monitor, result }: Monitor,
): void {
  for (const place of [monitor, result]) {
    if (place !== undefined) senderFor(settings, subject, place);
  }
}

/** Makes the error for what the service asks and is not done. */
export function refusal(subject: Subject, url: string, message: string): CallFailedError {
  const { method, name: operationName } = subject;
  const status = { code: Code.FAILED_PRECONDITION, message, details: [] };
  return new CallFailedError({ method, operationName, url, status });
}

/**
 * Sends a request without a body, and follows redirects: any of a GET, and of others those that keep the method.
 *
 * @param isResult - Whether 303 is followed too; it is what a monitor says at the end.
 * @param verb - The method of HTTP.
 * @throws CallFailedError when an origin is not allowed, there are too many redirects, or a request fails.
 */
export async function follow(
  settings: MonitorSettings,
  subject: Subject,
  start: string,
  signal: AbortSignal | null | undefined,
  isResult: boolean,
  verb = 'GET',
): Promise<Reached> {
  const followed = verb === 'GET' ? [301, 302, 303, 307, 308] : [307, 308];
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    const request = requestOf(subject, url, verb);
    const answer = await send(senderFor(settings, subject, url), request, signal);
    if (!answer.isRedirect || (answer.status === 303 && !isResult)) return { request, answer };
    const target = targetOf({ request, answer });
    const isFollowed = followed.includes(answer.status);
    if (target === undefined || !isFollowed || redirects === MOST_REDIRECTS) {
      throw failure({ request, answer });
    }
    url = target;
  }
}

/** Where an answer leads. @returns undefined where it is not a URL of http or https. */
export function targetOf({ request, answer }: Reached, header = 'location'): string | undefined {
  const location = answer.headers.get(header);
  return location === null ? undefined : httpUrl(location, request.url);
}

/** Makes the error for an answer that does not say success. */
export function failure({ request, answer }: Reached): CallFailedError {
  return failureOf(request, answer, Date.now(), ADVICE);
}
