import { findDetail } from './details.js';
import { millisToDuration } from './duration.js';

const imfDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

// The two old forms that receivers must take as well.
const rfc850Date =
  /^(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,)([A-Z][a-z]{2})\w+, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (?=[\d:]+ GMT$)/;
const asctimeDate = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) ([ \d]\d) ([\d:]+) (\d{4})$/;

// The limit of google.protobuf.Duration, in seconds.
const MAX_SECONDS = 315_576_000_000;

/**
 * Reads the headers `Retry-After` and `Date` of an answer, as `parseRetryAfter` does.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 * @internal
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  return parseRetryAfter(headers.get('retry-after') ?? '', now, headers.get('date') ?? '');
}

/**
 * Reads the text of a header `Retry-After`: seconds, or a date. A date is taken as relative to the server's
 * own clock where the answer tells it, as ours may be wrong. All three forms of an HTTP date are read;
 * anything else counts as absent.
 *
 * Source: RFC 9110, 10.2.3 and 5.6.7.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 * @param date - The text of the header `Date`.
 * @returns Milliseconds from now on, never below 0; undefined when it does not say.
 * @internal
 */
export function parseRetryAfter(value: string, now: number, date = ''): number | undefined {
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_SECONDS) * 1000;
  const until = parseDate(value, now);
  return until === undefined ? undefined : Math.max(0, until - (parseDate(date, now) ?? now));
}

/**
 * Adds to the details of a Status what the header `Retry-After` said, as a `google.rpc.RetryInfo`;
 * one that is there already is kept.
 *
 * @param retryAfter - Milliseconds; undefined for nothing to add.
 * @internal
 */
export function withRetryInfo(
  details: readonly unknown[],
  retryAfter: number | undefined,
): readonly unknown[] {
  if (retryAfter === undefined || findDetail({ details }, 'google.rpc.RetryInfo') !== undefined) {
    return details;
  }
  const retryDelay = millisToDuration(retryAfter);
  return [...details, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
}

function parseDate(text: string, now: number): number | undefined {
  const date = text
    .replace(rfc850Date, (_, weekday, day, month, year) => {
      return `${weekday}, ${day} ${month} ${fullYear(Number(year), now)} `;
    })
    .replace(asctimeDate, (_, weekday, month, day: string, time, year) => {
      return `${weekday}, ${day.replace(' ', '0')} ${month} ${year} ${time} GMT`;
    });
  const time = imfDate.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

// Two digits that would be more than 50 years ahead mean a year of the past: RFC 9110, 5.6.7.
function fullYear(twoDigits: number, now: number): number {
  const year = 2000 + twoDigits;
  return year > new Date(now).getUTCFullYear() + 50 ? year - 100 : year;
}
