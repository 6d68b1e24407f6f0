import type { CallOptions, Method } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { is, type Fetch } from '../http/send.js';
import type { Memory } from './memory.js';
import { httpUrl, readName, type Monitor } from './name.js';
import type { Action, MonitorSettings } from './options.js';
import {
  checkPlace,
  failure,
  follow,
  isAllowed,
  isGone,
  isRefusal,
  targetOf,
  type Reached,
  type Subject,
} from './reach.js';
import { endAt, stateOf, tellingOf, type Context } from './state.js';
import { within } from './within.js';

/** One client. */
export interface Client {
  readonly settings: MonitorSettings;
  readonly memory: Memory;
  /** The origin that is sent `headers`: of `baseUrl`, or else of the first start call that named a monitor. */
  home: string | undefined;
}

/** GetOperation: asks the monitor, and gets the result once there is one. */
export async function get(
  client: Client,
  name: string,
  { signal }: Partial<CallOptions>,
): Promise<OperationLike> {
  const { memory } = client;
  const monitor = checked(() => readName(name));
  const context = contextOf(client, 'get', name, monitor, signal);
  const reached = await askMonitor(client, context, monitor);
  const { isDeleted, result } = memory.of(name);
  const isLost = isGone(reached) && result !== undefined;
  if (isGone(reached) && isDeleted === true && !isLost) return { name, done: true, error: deleted };
  const state = await (isLost
    ? endAt(context, result, undefined, undefined)
    : stateOf(context, monitor, reached));
  if (state.done === true) memory.forget(name);
  else {
    const told = latestOf(context, monitor, reached) ?? memory.of(name).latest;
    memory.note(name, { isSeen: true, latest: told === monitor.url ? undefined : told });
  }
  return { name, ...state };
}

const deleted = {
  code: Code.CANCELLED,
  message: 'The monitor was deleted by a cancel, and is gone.',
  details: [],
};

/** Cancels or deletes an operation, in the way of the service. */
export async function act(
  client: Client,
  method: 'cancel' | 'delete',
  name: string,
  { signal }: Partial<CallOptions>,
): Promise<unknown> {
  const { settings, memory } = client;
  const monitor = checked(() => readName(name));
  const context = contextOf(client, method, name, monitor, signal);
  const action = settings[method] ?? (monitor.hasDelete === true && { verb: 'DELETE', suffix: '' });
  if (action === false) throw unimplemented(method, name);
  const isDelete = action.verb === 'DELETE' && action.suffix === '';
  const deletesMonitor = isDelete && method === 'cancel';
  if (deletesMonitor) {
    // What is done would be lost.
    const standing = await standingOf(client, context, monitor);
    if (standing === 'over') return {};
    // FHIR's monitors answer 202. What answers with a document may be a resource of the user.
    if (standing === 'running' && settings.cancel === undefined) throw unimplemented(method, name);
  }
  const { isDeleted } = memory.of(name);
  const reached = await atMonitor(client, context, monitor, (latest) =>
    sendAction(context, withSuffix(latest, action), action.verb, () => {
      if (deletesMonitor) memory.note(name, { isDeleted: true });
    }),
  );
  // An earlier try may have been obeyed, and its answer lost.
  const isObeyed = deletesMonitor && isDeleted === true && isGone(reached);
  if (is(2, reached.answer.status) || isObeyed) return {};
  throw failure(reached);
}

/**
 * Asks how an operation is, before a cancel, for 10 seconds at most: `accepted` where it runs by the HTTP status, `running` by a document. A
 * failure of that must not stand in the way; an answer that says success and cannot be read may be the result.
 */
async function standingOf(
  client: Client,
  context: Context,
  monitor: Monitor,
): Promise<'over' | 'accepted' | 'running' | undefined> {
  const { signal } = context;
  let http = 0;
  try {
    const reached = await within(signal, true, (limit) =>
      askMonitor(client, { ...context, signal: limit }, monitor),
    );
    if (reached === undefined) return undefined;
    http = reached.answer.status;
    const { verdict } = tellingOf(context, monitor, reached);
    if (verdict !== 'running') return 'over';
    return http === 202 ? 'accepted' : 'running';
  } catch (error) {
    if (signal?.aborted === true || is(2, http)) throw error;
    return undefined;
  }
}

function askMonitor(client: Client, context: Context, monitor: Monitor): Promise<Reached> {
  const { settings, subject, signal } = context;
  return atMonitor(client, context, monitor, (url) => follow(settings, subject, url, signal));
}

/** Sends what cancels or deletes, and tells where it may have been obeyed: also where its answer is lost. */
async function sendAction(
  { settings, subject, signal }: Context,
  url: string,
  verb: string,
  noteObeyed: () => void,
): Promise<Reached> {
  const { own, bare } = settings;
  let mayBeObeyed = false;
  const fetch: Fetch = (place, init) => {
    mayBeObeyed = true;
    return (own.fetch ?? globalThis.fetch)(place, init);
  };
  const watched = { ...settings, own: { ...own, fetch }, bare: { ...bare, fetch } };
  try {
    const reached = await follow(watched, subject, url, signal, { verb });
    const { status } = reached.answer;
    mayBeObeyed = is(2, status) || (is(5, status) && ![501, 505].includes(status));
    return reached;
  } finally {
    if (mayBeObeyed) noteObeyed();
  }
}

/**
 * Makes a request where the monitor was last said to be, and where the name says when that fails. What says something
 * of the caller or the load is not such a failure.
 */
async function atMonitor(
  { memory }: Client,
  { subject, signal }: Context,
  { url }: Monitor,
  ask: (url: string) => Promise<Reached>,
): Promise<Reached> {
  const name = subject.name ?? '';
  const { latest } = memory.of(name);
  if (latest === undefined) return ask(url);
  const newest = ask(latest);
  const isFinal = await newest.then(
    (found) => isServed(found) || isRefusal(found.answer),
    () => signal?.aborted === true,
  );
  if (isFinal) return newest;
  const named = await ask(url);
  if (isServed(named)) memory.note(name, { latest: undefined });
  // The first failure may pass; a 4xx of a URL that was replaced does not.
  return is(4, named.answer.status) ? newest : named;
}

function isServed({ answer }: Reached): boolean {
  return is(2, answer.status) || answer.status === 303;
}

function contextOf(
  client: Client,
  method: Method,
  name: string,
  { url, result }: Monitor,
  signal: AbortSignal | null | undefined,
): Context {
  const { settings, memory } = client;
  const { origin } = new URL(url);
  // Without headers there is nothing to keep from anybody. A monitor elsewhere has its result where the service is.
  const home =
    settings.base !== undefined || settings.hasHeaders
      ? client.home
      : result !== undefined && settings.origins.has(origin)
        ? new URL(result).origin
        : origin;
  const subject: Subject = { method, name, home };
  checkPlace(settings, subject, url);
  if (result !== undefined) checkPlace(settings, subject, result);
  return {
    settings,
    subject,
    signal,
    isSeen: memory.of(name).isSeen === true,
    noteResult: (place) => memory.note(name, { result: place }),
  };
}

/** Where the service says that the monitor is from now on. What is not allowed is ignored. */
function latestOf(
  { subject, settings }: Context,
  { kind, result, hasDelete }: Monitor,
  reached: Reached,
): string | undefined {
  // What a DELETE goes to is named as FHIR does.
  const ofAccepted = hasDelete === true ? ['content-location'] : ['content-location', 'location'];
  const headers =
    kind === 'status'
      ? ['operation-location', 'azure-asyncoperation']
      : reached.answer.status === 202
        ? ofAccepted
        : [];
  const place = headers
    .map((header) => targetOf(reached, header))
    .find((each) => each !== undefined && each !== result);
  if (place === undefined) return undefined;
  const isFollowed = isAllowed(settings, subject, new URL(place).origin, reached.isForeign);
  return isFollowed ? place : undefined;
}

function withSuffix(monitor: string, { suffix }: Action): string {
  const url = new URL(monitor);
  const path = suffix.startsWith('/') ? url.pathname.replace(/\/$/, '') : url.pathname;
  url.pathname = path + suffix;
  return httpUrl(url.href) ?? monitor;
}

// What the name of a job of FHIR has after the URL.
const ofFhir = '#rx-lro=1&kind=http&delete=1';

function unimplemented(method: Method, operationName: string): CallFailedError {
  // The URL alone may be that of any monitor.
  const hint = operationName.includes('#')
    ? ''
    : `, or for a job of FHIR add \`${ofFhir}\` to the name`;
  const message = `How to ${method} is not known. Set the option \`${method}\`${hint}`;
  const status = { code: Code.UNIMPLEMENTED, message, details: [] };
  return new CallFailedError({ method, operationName, status });
}

function checked<Value>(readIt: () => Value): Value {
  try {
    return readIt();
  } catch (error) {
    // By the code `statusFrom` knows it for what it is, not for a failure of the service.
    throw Object.assign(error as Error, { code: Code.INVALID_ARGUMENT, details: [] });
  }
}
