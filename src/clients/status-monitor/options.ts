import { checkFunction, checkObject, wrongType } from '../../core/values/check.js';
import { parseBaseUrl, type Base } from '../http/base-url.js';
import { headerSource, type HeaderSource } from '../http/headers.js';
import type { Fetch, Sender } from '../http/send.js';
import { httpUrl } from './name.js';

/** How `statusMonitorClient` reaches a service, and what differs there. */
export interface StatusMonitorClientOptions {
  /**
   * Where the service is: an absolute http or https URL with no credentials, query or fragment. `headers` go to its
   * origin, to whatever path. Relative URLs resolve against it where a response does not tell its own URL. Default: with
   * `headers`, the origin of the first start call that names a monitor; without them, that of each name. It is needed to
   * go on by name with `headers`, as a name does not say where credentials may go, and for a start call that was
   * redirected, at the same origin too.
   */
  readonly baseUrl?: string | undefined;
  /**
   * What sends the requests. Default: `globalThis.fetch`, looked up at each call. It must obey `redirect: 'manual'`,
   * or the headers may follow a redirect to another origin.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * What goes along with every request to the service's own origin, such as `authorization`: header fields, or a
   * function that gives them. The function is called before each request, and once more, with `refused: true`,
   * when the service answers 401. Default none; an `accept` is added where there is no other.
   */
  readonly headers?: HeaderSource | undefined;
  /**
   * Other origins that a monitor or a result may be at, such as `https://results.example.com`. They are never sent
   * `headers`, and what they name is requested without them at the service's own origin, too. Default none: a monitor or
   * a result elsewhere is refused.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Finds the word that says how the operation is. These end it, in any case: `succeeded`, `success`, `successful`,
   * `complete`, `completed`, `done`, `finished`; `failed`, `failure`, `error`, `errored`, `aborted`, `rejected`,
   * `timedOut`, `expired`, `killed`, `crashed`; both also with `partial` or `partially`; `canceled`, `cancelled`. Any
   * other word means that it runs, and undefined that the HTTP status decides. It is called with all that a monitor's
   * body holds, which may be the result or a text, and not with what is at a result elsewhere or the answer of a start
   * call. Default: by the kind of the monitor.
   */
  readonly statusOf?: ((document: unknown) => string | null | undefined) | undefined;
  /**
   * How an operation is cancelled: a method of HTTP for the monitor, and after a space what is added to the monitor's
   * path: `'DELETE'`, `'POST /cancel'`, `'POST :cancel'`. `false`: it is not. Default: `'DELETE'` where FHIR's pattern has
   * it (202 with a `Content-Location` other than the URL of the start call, no body or one of FHIR, and a monitor that
   * answers 202); else UNIMPLEMENTED. Before a `'DELETE'` the monitor is asked, and none is sent where the operation is
   * done: its result would be lost. Where that request fails, it is sent.
   */
  readonly cancel?: string | false | undefined;
  /** How an operation is deleted, in the same form. Default: `'DELETE'` where FHIR's pattern has it, whatever `cancel` is. */
  readonly delete?: string | false | undefined;
}

/** How a method is called. */
export interface Action {
  /** The method of HTTP. */
  readonly verb: string;
  /** What is added to the path of the monitor. */
  readonly suffix: string;
}

/** The options, read and checked. */
export interface MonitorSettings {
  readonly base: Base | undefined;
  /** What sends requests to the service's own origin. */
  readonly own: Sender;
  /** What sends requests to others. */
  readonly bare: Sender;
  readonly hasHeaders: boolean;
  readonly origins: ReadonlySet<string>;
  readonly statusOf: ((document: unknown) => string | null | undefined) | undefined;
  /** Undefined where the name decides. */
  readonly cancel: Action | false | undefined;
  readonly delete: Action | false | undefined;
}

// Servers of FHIR and JSON:API may refuse a request that takes only `application/json`.
const ACCEPT = 'application/json, application/fhir+json, application/vnd.api+json, */*;q=0.5';

/**
 * Reads the options.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function parseOptions(options: StatusMonitorClientOptions): MonitorSettings {
  checkObject('options', options);
  // As everywhere in this library, null means not given too.
  const { baseUrl, fetch, headers, origins, statusOf, cancel, delete: remove } = options;
  if (fetch != null) checkFunction('fetch', fetch);
  if (statusOf != null) checkFunction('statusOf', statusOf);
  return {
    base: baseUrl == null ? undefined : parseBaseUrl(baseUrl),
    own: { fetch, headers: headerSource(headers ?? {}, ACCEPT) },
    bare: { fetch, headers: headerSource({}, ACCEPT) },
    hasHeaders: headers != null,
    origins: parseOrigins(origins ?? []),
    statusOf: statusOf ?? undefined,
    cancel: parseAction('cancel', cancel),
    delete: parseAction('delete', remove),
  };
}

function parseOrigins(origins: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw wrongType('origins', origins, 'a list');
  return new Set(
    origins.map((each: unknown) => {
      const url = typeof each === 'string' ? httpUrl(each) : undefined;
      if (url !== undefined && new URL(url).href === `${new URL(url).origin}/`) {
        return new URL(url).origin;
      }
      throw new RangeError(
        `Option \`origins\` must hold origins such as \`https://results.example.com\`; it holds ${JSON.stringify(each)}.`,
      );
    }),
  );
}

function parseAction(
  option: string,
  value: string | false | null | undefined,
): Action | false | undefined {
  if (value == null || value === false) return value ?? undefined;
  if (typeof value !== 'string') throw wrongType(option, value, 'a string or false');
  const [, verb, suffix = ''] =
    /^(DELETE|PATCH|POST|PUT)(?: ([/:][\w\-.~:/]+))?$/.exec(value) ?? [];
  if (verb !== undefined && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(suffix)) return { verb, suffix };
  throw new RangeError(
    `Option \`${option}\` must be a method of HTTP, with what is added to the path of the monitor after a space, such as \`DELETE\` or \`POST /cancel\`; it is ${JSON.stringify(value)}.`,
  );
}
