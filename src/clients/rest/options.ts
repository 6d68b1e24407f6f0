import { checkFunction, checkObject, checkWord } from '../../core/values/check.js';
import { parseBaseUrl, type Base } from '../http/base-url.js';
import { parseBindings, type Bindings, type RestPaths } from './bindings.js';
import { headerSource, type HeaderSource } from '../http/headers.js';
import type { Fetch, Sender } from '../http/send.js';

/** How `restClient` reaches a service. */
export interface RestClientOptions {
  /**
   * Where the service is: an absolute http or https URL with no credentials, query or fragment, such as
   * `https://translation.googleapis.com`. A path in it goes before every other path. When that ends in
   * a version, as in `https://api.example.com/v2`, the default `paths` leave out their own `v1/`.
   */
  readonly baseUrl: string;
  /**
   * What sends the requests. Default: `globalThis.fetch`, looked up at each call. It must support
   * `redirect: 'manual'`, or the headers may follow a redirect to another origin.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * What goes along with every request, such as `authorization`: header fields, or a function that
   * gives them. The function is called before each request, so its token is always fresh. When the service
   * answers 401, it is called once more, with `refused: true` (replace a cached token), and the call is made
   * again. If it then throws, the error stays that of the 401, with what it threw in the chain of causes; a failure
   * that passes, such as one of the network, is retried instead. Default none; `accept: application/json` is added
   * where there is no other.
   */
  readonly headers?: HeaderSource | undefined;
  /** Where the methods are, for a service that does not use the standard paths. Default: those. */
  readonly paths?: RestPaths | undefined;
  /**
   * The form of errors to ask for, sent as the query parameter `$.xgafv`. Default: not sent, so the
   * service's own choice. Both are understood.
   *
   * Source: the parameter `$.xgafv` of Google's discovery documents.
   */
  readonly errorFormat?: '1' | '2' | undefined;
}

/** The options, read and checked. */
export interface RestSettings extends Sender {
  /** Where the service is. */
  readonly base: Base;
  /** Where its methods are. */
  readonly bindings: Bindings;
  /** The form of errors to ask for. */
  readonly errorFormat: '1' | '2' | undefined;
}

/**
 * Reads the options.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function parseOptions(options: RestClientOptions): RestSettings {
  checkObject('options', options);
  // As everywhere in this library, null means not given too.
  const { baseUrl, fetch, headers, paths, errorFormat } = options;
  const base = parseBaseUrl(baseUrl);
  const bindings = parseBindings(paths ?? {}, base);
  if (fetch != null) checkFunction('fetch', fetch);
  if (errorFormat != null) checkWord('errorFormat', errorFormat, ['1', '2']);
  return { base, bindings, fetch, headers: headerSource(headers ?? {}), errorFormat };
}
