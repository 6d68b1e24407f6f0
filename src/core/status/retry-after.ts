import { isObject, isRecord, list, readSafely } from '../values/record.js';
import { Code } from './code.js';
import { retryDelayOf } from './details.js';
import { millisToDuration } from './duration.js';
import type { Status } from './status.js';

// The two old forms of a date that receivers must take as well. Whether they hold a date is seen afterwards.
const rfc850Date = /^(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,)(...)\w+, (..)-(...)-(..) /;
const asctimeDate = /^(...) (...) (..) (\S+) (\d{4})$/;

/** A server cannot put a wait to sleep for longer than this, in milliseconds. @internal */
export const MAX_ASKED_DELAY = 3_600_000;

// The limit of google.protobuf.Duration, in seconds.
const MAX_SECONDS = 315_576_000_000;

// A day, in milliseconds.
const MAX_RESET = 86_400_000;

const seconds = /^\d+(\.\d+)?$/;

// Reasons of a 403 that no time changes.
const denied = /permission|denied|disabled|forbidden|blocked|scope/i;

/**
 * Reads when the server wants to be asked again: `Retry-After` (seconds, or a date), `retry-after-ms` of OpenAI and
 * Azure, and for HTTP 403 and 429 GitHub's `x-ratelimit-remaining` and `x-ratelimit-reset`. A time is taken as
 * relative to the server's own clock where the answer tells it, as ours may be wrong. All three forms of an HTTP date
 * are read; anything else counts as absent.
 *
 * Sources: RFC 9110, 10.2.3 and 5.6.7;
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 *
 * @param headers - Of the answer: a `Headers`, a list of pairs, whatever else has `get` or `getResponseHeader`, or an
 * object with the names in any case.
 * @param now - Our own clock, in milliseconds since 1970.
 * @returns Milliseconds from now on, never below 0; undefined when it does not say.
 * @internal
 */
export function retryAfterOf(headers: unknown, now: number, http?: number): number | undefined {
  const millis = headerOf(headers, 'retry-after-ms') || headerOf(headers, 'x-ms-retry-after-ms');
  const value = headerOf(headers, 'retry-after');
  if (seconds.test(millis)) return limited(Number(millis));
  if (seconds.test(value)) return limited(Number(value) * 1000);
  const isUsedUp =
    (http === 403 || http === 429) && headerOf(headers, 'x-ratelimit-remaining') === '0';
  if (value === '' && !isUsedUp) return undefined;
  const clock = parseDate(headerOf(headers, 'date')) ?? now;
  const reset = isUsedUp
    ? resetOf(Number(headerOf(headers, 'x-ratelimit-reset')), clock)
    : undefined;
  const until = parseDate(value) ?? reset;
  return until === undefined ? undefined : limited(until - clock);
}

// Some services count it in milliseconds, and some from now on. What is too far away is none of these.
function resetOf(reset: number, clock: number): number {
  const until = reset > 1e11 ? reset : reset > 1e9 ? reset * 1000 : clock + reset * 1000;
  return until - clock <= MAX_RESET ? until : clock;
}

/**
 * Adds to a Status what the headers of the answer say: when to ask again, as a `google.rpc.RetryInfo`. HTTP 403
 * with such a time is a rate limit.
 *
 * @internal
 */
export function withHeaders(
  status: Status,
  http: number | undefined,
  headers: unknown,
  now: number,
): Status {
  // Headers that throw when they are read say nothing.
  const delay = readSafely(() => retryAfterOf(headers, now, http));
  if (delay === undefined) return status;
  const { code, message, details } = status;
  const isLimit =
    (http === 403 && code === Code.PERMISSION_DENIED && !details.some(isDenial)) ||
    (http === 429 && code === Code.FAILED_PRECONDITION);
  const info = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: millisToDuration(delay),
  };
  return {
    code: isLimit ? Code.RESOURCE_EXHAUSTED : code,
    message,
    // What the body asks for is left as it is.
    details: retryDelayOf(status) === undefined ? [...details, info] : details,
  };
}

function isDenial(detail: unknown): boolean {
  return isRecord(detail) && denied.test(String(detail['reason']));
}

function headerOf(headers: unknown, name: string): string {
  if (!isObject(headers)) return '';
  const { get, getResponseHeader } = headers as Record<string, unknown>;
  const getter = [get, getResponseHeader].find((each) => typeof each === 'function');
  const pairs: unknown[] =
    Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  const all: unknown =
    pairs.map(list).find(([key]) => String(key).toLowerCase() === name)?.[1] ??
    getter?.call(headers, name);
  return String([all].flat()[0] ?? '').trim();
}

function limited(millis: number): number {
  return Math.min(Math.max(0, millis), MAX_SECONDS * 1000);
}

function parseDate(text: string): number | undefined {
  // The weekday tells the century: within two of them, no date falls on the same weekday twice.
  for (const century of [20, 19]) {
    const date = text
      .replace(rfc850Date, `$1, $2 $3 ${century}$4 `)
      .replace('  ', ' 0')
      .replace(asctimeDate, '$1, $3 $2 $5 $4 GMT');
    const time = Date.parse(date);
    if (time > 0 && new Date(time).toUTCString() === date) return time;
  }
  return undefined;
}
