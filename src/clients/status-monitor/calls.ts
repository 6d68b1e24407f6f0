import type { CallOptions, Method } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { is, send } from '../http/send.js';
import type { Memory } from './memory.js';
import { httpUrl, readName, type Monitor } from './name.js';
import type { Action, MonitorSettings } from './options.js';
import {
  checkPlaces,
  failure,
  follow,
  requestOf,
  senderFor,
  targetOf,
  type Reached,
  type Subject,
} from './reach.js';
import { isOver, stateOf } from './state.js';

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
  const { latest, isNew, isDeleted } = memory.of(name);
  let reached = await follow(settings, subject, latest ?? monitor.url, signal, false);
  if (latest !== undefined && isGone(reached)) {
    memory.note(name, { latest: undefined });
    reached = await follow(settings, subject, monitor.url, signal, false);
  }
  if (isGone(reached)) {
    if (isDeleted === true) return { name, done: true, error: deleted };
    // The service may not know it yet, whatever else it says.
    if (isNew === true) throw failure(reached);
  }
  const state = await stateOf({ settings, subject, signal }, monitor, reached);
  if (state.done === true) memory.forget(name);
  else {
    const newest = latestOf(subject, settings, monitor, reached);
    memory.note(name, { isNew: false, latest: newest ?? memory.of(name).latest });
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
  const subject = subjectOf(client, method, name, monitor);
  const { latest = monitor.url, isDeleted } = memory.of(name);
  const action = settings[method] ?? (monitor.hasDelete === true && { verb: 'DELETE', suffix: '' });
  if (action === false) throw unimplemented(method, name);
  const url = withSuffix(latest, action);
  const isDelete = action.verb === 'DELETE' && action.suffix === '';
  const request = requestOf(subject, url, action.verb);
  const sender = senderFor(settings, subject, url);
  if (isDelete && method === 'cancel') {
    // What is done would be lost.
    if (await isOver({ settings, subject, signal }, monitor, latest)) return {};
    memory.note(name, { isDeleted: true });
  }
  const answer = await send(sender, request, signal);
  // An earlier try may have been heeded, and its answer lost.
  const isHeeded = isDelete && isDeleted === true && isGone({ request, answer });
  if (is(2, answer.status) || isHeeded) return {};
  // What was refused has cancelled nothing.
  if (answer.status < 500) memory.note(name, { isDeleted });
  throw failure({ request, answer });
}

function subjectOf(client: Client, method: Method, name: string, monitor: Monitor): Subject {
  const { settings } = client;
  // Without headers there is nothing to keep from anybody.
  const own = settings.hasHeaders ? undefined : new URL(monitor.url).origin;
  const subject: Subject = { method, name, home: client.home ?? own };
  checkPlaces(settings, subject, monitor);
  return subject;
}

/** Where the service says that the monitor is from now on. What is not allowed is not heeded. */
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

function withSuffix(monitor: string, { suffix }: Action): string {
  const url = new URL(monitor);
  url.pathname += suffix;
  return httpUrl(url.href) ?? monitor;
}

function unimplemented(method: Method, operationName: string): CallFailedError {
  const message = `How to ${method} is not known: the option \`${method}\` says it`;
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
