import { checkSignal } from '../../core/platform/abort-signal.js';
import { checkObject, wrongType } from '../../core/values/check.js';
import { isRecord } from '../../core/values/record.js';
import { redact } from '../../core/values/redact.js';
import { httpUrl } from './name.js';

/** What a response does not tell of its own request. */
export interface StatusMonitorStart {
  /**
   * The method of the start call, in any case. After PUT and PATCH the result is the resource itself, after POST it is
   * at `Location`, where the monitor says success and does not name another place. Give it: a response does not tell it.
   * Default: where nothing else names a result and the monitor's document holds none, the URL of the start call is
   * tried, and the document is the result unless one resource is there.
   */
  readonly method?: string | undefined;
  /**
   * The URL of the start call, where `url` of the response is empty, as in a response that a test has made. Default:
   * that of the response, or else none: relative URLs in headers then resolve against `baseUrl`, and a result at the URL
   * of the start call is refused.
   */
  readonly url?: string | undefined;
  /** The URL of the monitor, for a service that names it in no header. Default: what the headers say. */
  readonly monitor?: string | undefined;
  /**
   * Where the result is once the operation has succeeded, whatever the monitor names: in the monitor's document, at the
   * URL of the start call, or at its `Location`. Default: by `method`.
   */
  readonly resultAt?: 'monitor' | 'original' | 'location' | undefined;
  /** Ends the reading of the answer; give it to the start call too. Default: none. */
  readonly signal?: AbortSignal | null | undefined;
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
    typeof status === 'number' &&
    isRecord(headers) &&
    ['get', 'has'].every((method) => typeof headers[method] === 'function');
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
  const place = response.url || start.url || base;
  if (!place) throw noUrl();
  const url = httpUrl(place, base);
  if (url === undefined) throw notUrl('url', place);
  return url;
}

/** Makes the error for a start call whose own URL is needed and not known. */
export function noUrl(): RangeError {
  return new RangeError(
    'The response does not tell its own URL: give the option `url`, the absolute URL of the start call.',
  );
}

/** Makes the error for an option that is not a URL. */
export function notUrl(option: string, value: string): RangeError {
  return new RangeError(
    `Option \`${option}\` must be an http or https URL without credentials; it is ${JSON.stringify(redact(value))}.`,
  );
}
