const imfDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

// The limit of google.protobuf.Duration, in seconds.
const MAX_SECONDS = 315_576_000_000;

/**
 * Reads the header `Retry-After`: seconds, or a date. A date is taken as relative to the server's own
 * clock where the answer tells it, as ours may be wrong. Only the date form that senders must use is
 * read; anything else counts as absent.
 *
 * Source: RFC 9110, 10.2.3 and 5.6.7.
 *
 * @param headers - Of the answer.
 * @param now - Our own clock, in milliseconds since 1970.
 * @returns Milliseconds from now on, never below 0; undefined when it does not say.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_SECONDS) * 1000;
  const until = parseDate(value);
  if (until === undefined) return undefined;
  return Math.max(0, until - (parseDate(headers.get('date') ?? '') ?? now));
}

function parseDate(text: string): number | undefined {
  const time = imfDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
