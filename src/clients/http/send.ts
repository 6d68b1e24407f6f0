import { abortReason, onAbort } from '../../core/platform/abort-signal.js';
import type { HttpAnswer } from './answer.js';
import { readBody, type Body } from './body.js';
import { mayPass } from './credentials.js';
import { failureOf, headersFailure, networkFailure } from './failure.js';
import type { HeaderFunction } from './headers.js';
import type { HttpRequest } from './request.js';

/** What `fetch` does: the platform's, or one that behaves as it does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How requests are sent. */
export interface Sender {
  /** What sends them; undefined for the platform's. */
  readonly fetch: Fetch | undefined;
  /** The headers of every request, or what gives those of one. */
  readonly headers: Headers | HeaderFunction;
}

/**
 * Sends one request and reads its answer, whatever that says: the one place with an effect. An abort ends it at
 * once, whatever it waits for.
 *
 * @throws CallFailedError when the service cannot be reached or the headers cannot be had.
 * @throws What the signal was aborted with, untouched.
 */
export async function send(
  settings: Sender,
  request: HttpRequest,
  signal: AbortSignal | null | undefined,
): Promise<HttpAnswer> {
  // Some code passes null for none.
  if (signal == null) return exchange(settings, request, undefined);
  if (signal.aborted) throw abortReason(signal);
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(abortReason(signal)));
    exchange(settings, request, signal).finally(stopListening).then(resolve, reject);
  });
}

async function exchange(
  settings: Sender,
  request: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const { headers } = settings;
  const withNewHeaders = async (
    source: HeaderFunction,
    refusal?: HttpAnswer,
  ): Promise<HttpAnswer> => {
    const own = await headersOf(source, request, refusal);
    // It may have been aborted while a token was fetched, and then nothing may start any more.
    if (signal?.aborted === true) throw abortReason(signal);
    return ask(settings, request, own, signal);
  };
  // Not awaited where they are known: a request that is sent in the turn of its call costs less.
  const answer = await (typeof headers === 'function'
    ? withNewHeaders(headers)
    : ask(settings, request, headers, signal));
  const isRefused = answer.status === 401 && typeof headers === 'function';
  return isRefused ? withNewHeaders(headers, answer) : answer;
}

async function ask(
  settings: Sender,
  request: HttpRequest,
  given: Headers,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const { verb, url, body } = request;
  const headers = new Headers(given);
  if (body !== undefined) headers.set('content-type', 'application/json');
  // Not as a method of `settings`: the platform's fetch refuses any other `this`.
  const fetch = settings.fetch ?? globalThis.fetch;
  try {
    const response = await fetch(url, {
      method: verb,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await read(response, signal);
  } catch (error) {
    throw signal?.aborted === true ? error : networkFailure(request, error);
  }
}

async function headersOf(
  source: HeaderFunction,
  request: HttpRequest,
  refusal: HttpAnswer | undefined,
): Promise<Headers> {
  try {
    return await source({ refused: refusal !== undefined });
  } catch (error) {
    if (refusal === undefined || mayPass(error)) throw headersFailure(request, error);
    throw failureOf(request, refusal, Date.now(), '', error);
  }
}

/**
 * Reads a response to its end, 64 MiB of its body at most.
 *
 * @throws What the stream fails with, untouched, where the response says success.
 */
export async function read(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const { status, statusText, headers, type } = response;
  const { text, isCut } = await bodyOf(response, signal);
  return {
    status,
    statusText,
    headers,
    isRedirect: type === 'opaqueredirect' || (is(3, status) && headers.has('location')),
    // The platform's fetch drops a byte order mark by itself; not every other one does.
    text: text.replace(/^\ufeff/, ''),
    isCut,
  };
}

async function bodyOf(response: Response, signal: AbortSignal | undefined): Promise<Body> {
  try {
    return await readBody(response, signal);
  } catch (error) {
    // What failed is known from the status alone.
    if (is(2, response.status) || signal?.aborted === true) throw error;
    return { text: '', isCut: false };
  }
}

/** Tells whether an HTTP status is of a class, such as 2 for 2xx. */
export function is(hundreds: number, status: number): boolean {
  return Math.floor(status / 100) === hundreds;
}
