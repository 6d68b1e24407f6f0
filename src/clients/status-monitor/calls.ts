import type { CallOptions, Method } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { is } from '../http/send.js';
import type { Memory } from './memory.js';
import { httpUrl, readName, type Monitor } from './name.js';
import type { Action, MonitorSettings } from './options.js';
import { checkPlaces, failure, follow, targetOf, type Reached, type Subject } from './reach.js';
import { isOver, stateOf, type Context } from './state.js';

/** One client. */
export interface Client {
  readonly settings: MonitorSettings;
  readonly memory: Memory;
  /** The origin of `baseUrl`, or else of the first start call that named a monitor. */
  home: string | undefined;
}

/** GetOperation: asks the monitor, and gets the result once there is one. */
export async function get(
  client: Client,
  name: string,
  { signal }: Partial<CallOptions>,
): Promise<OperationLike> {
  const { settings, memory } = client;
  const monitor = checked(() => readName(name));
  const subject = subjectOf(client, 'get', name, monitor);
  const reached = await atMonitor(client, name, monitor, signal, (url) =>
    follow(settings, subject, url, signal, false),
  );
  if (isGone(reached)) {
    const { isSeen, isDeleted } = memory.of(name);
    if (isDeleted === true) return { name, done: true, error: deleted };
    // The service may not know it yet, whatever else it says.
    if (isSeen !== true) throw notFound(subject, reached);
  }
  const state = await stateGuessed({ settings, subject, signal }, monitor, reached);
  if (state.done === true) memory.forget(name);
  else {
    const newest = latestOf(subject, settings, monitor, reached);
    memory.note(name, { isSeen: true, latest: newest ?? memory.of(name).latest });
  }
  return { name, ...state };
}

const deleted = {
  code: Code.CANCELLED,
  message: 'The monitor was deleted by a cancel, and is gone.',
  details: [],
};

/**
 * Gives up a guess where the monitor's document holds a result, and where there is a list: a POST to a collection is
 * not answered by a GET of it.
 */
async function stateGuessed(
  context: Context,
  monitor: Monitor,
  reached: Reached,
): Promise<OperationLike> {
  if (monitor.isGuess !== true || reached.answer.status === 303) {
    return stateOf(context, monitor, reached);
  }
  const sure: Monitor = { ...monitor, result: undefined, isGuess: false };
  const document = parseJson(reached.answer.text);
  const { resourceLocation } = isRecord(document) ? document : {};
  const holdsResult =
    isRecord(document) &&
    Object.entries(document).some(([key, value]) => value != null && RESULT.test(key));
  if (holdsResult) return stateOf(context, sure, reached);
  const state = await stateOf(context, monitor, reached);
  const { response } = state;
  const isList =
    Array.isArray(response) || (isRecord(response) && Array.isArray(response['value']));
  // What `resourceLocation` names is not a guess.
  return isList && resourceLocation == null ? stateOf(context, sure, reached) : state;
}

// Such as `result`, `analyzeResult`, `output` and `response`.
const RESULT = /results?$|^(?:outputs?|response)$/i;

/** Cancels or deletes an operation, in the way of the service. */
export async function act(
  client: Client,
  method: 'cancel' | 'delete',
  name: string,
  { signal }: Partial<CallOptions>,
): Promise<unknown> {
  const { settings, memory } = client;
  const monitor = checked(() => readName(name));
  const subject = subjectOf(client, method, name, monitor);
  const { isDeleted } = memory.of(name);
  const action = settings[method] ?? (monitor.hasDelete === true && { verb: 'DELETE', suffix: '' });
  if (action === false) throw unimplemented(method, name);
  const isDelete = action.verb === 'DELETE' && action.suffix === '';
  const attempt = async (latest: string): Promise<Partial<Reached>> => {
    if (isDelete && method === 'cancel') {
      // What is done would be lost.
      if (await isOver({ settings, subject, signal }, monitor, latest)) return {};
      memory.note(name, { isDeleted: true });
    }
    return follow(settings, subject, withSuffix(latest, action), signal, false, action.verb);
  };
  const { request, answer } = await atMonitor(client, name, monitor, signal, attempt);
  if (request === undefined || answer === undefined) return {};
  // An earlier try may have been obeyed, and its answer lost.
  const isObeyed = isDelete && isDeleted === true && isGone({ request, answer });
  if (is(2, answer.status) || isObeyed) return {};
  // What was refused has cancelled nothing.
  if (answer.status < 500) memory.note(name, { isDeleted });
  throw failure({ request, answer });
}

/**
 * Makes a request where the monitor was last said to be, and where the name says when that fails. What says something
 * of the caller, 401 and 429, is not such a failure.
 */
async function atMonitor<Found extends Partial<Reached>>(
  { memory }: Client,
  name: string,
  { url }: Monitor,
  signal: AbortSignal | null | undefined,
  ask: (url: string) => Promise<Found>,
): Promise<Found> {
  const { latest } = memory.of(name);
  if (latest === undefined) return ask(url);
  const newest = ask(latest);
  const isFinal = await newest.then(
    (found) => isServed(found) || [401, 429].includes(found.answer?.status ?? 0),
    () => signal?.aborted === true,
  );
  if (isFinal) return newest;
  const named = await ask(url);
  if (isServed(named)) memory.note(name, { latest: undefined });
  // The first failure may pass; a 4xx of a URL that was replaced does not.
  return is(4, named.answer?.status ?? 0) ? newest : named;
}

function isServed({ answer }: Partial<Reached>): boolean {
  return answer === undefined || is(2, answer.status) || answer.status === 303;
}

function subjectOf(client: Client, method: Method, name: string, monitor: Monitor): Subject {
  const { settings } = client;
  // Without headers there is nothing to protect.
  const own = settings.hasHeaders ? undefined : new URL(monitor.url).origin;
  const subject: Subject = { method, name, home: client.home ?? own };
  checkPlaces(settings, subject, monitor);
  return subject;
}

/** Where the service says that the monitor is from now on. What is not allowed is ignored. */
function latestOf(
  { home }: Subject,
  { origins }: MonitorSettings,
  { kind }: Monitor,
  reached: Reached,
): string | undefined {
  const headers =
    kind === 'status'
      ? ['operation-location', 'azure-asyncoperation']
      : reached.answer.status === 202
        ? ['content-location', 'location']
        : [];
  const place = headers
    .map((header) => targetOf(reached, header))
    .find((each) => each !== undefined);
  if (place === undefined) return undefined;
  const { origin } = new URL(place);
  return origin === home || origins.has(origin) ? place : undefined;
}

function isGone({ answer }: Reached): boolean {
  return answer.status === 404 || answer.status === 410;
}

/** The code of a 410, or of a code in the body, would end a wait at once. */
function notFound({ method, name: operationName }: Subject, reached: Reached): CallFailedError {
  const { details, cause } = failure(reached);
  const message = `HTTP ${reached.answer.status}: the monitor is not known, or not yet`;
  const status = { code: Code.NOT_FOUND, message, details };
  return new CallFailedError({ method, operationName, url: reached.request.url, status, cause });
}

function withSuffix(monitor: string, { suffix }: Action): string {
  const url = new URL(monitor);
  const path = suffix.startsWith('/') ? url.pathname.replace(/\/$/, '') : url.pathname;
  url.pathname = path + suffix;
  return httpUrl(url.href) ?? monitor;
}

function unimplemented(method: Method, operationName: string): CallFailedError {
  const message = `How to ${method} is not known: set the option \`${method}\``;
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
