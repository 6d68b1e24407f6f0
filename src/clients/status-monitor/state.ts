import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { withHeaders } from '../../core/status/retry-after.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { noJson } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { withPollAfter } from '../http/poll-after.js';
import { is } from '../http/send.js';
import { contentOf } from './content.js';
import { errorIn } from './error.js';
import { hasIssue, isOutcome, statusOfOutcome, transientCode } from './fhir.js';
import { metadataOf } from './metadata.js';
import { httpUrl, type Monitor } from './name.js';
import type { MonitorSettings } from './options.js';
import { failure, follow, refusal, targetOf, type Reached, type Subject } from './reach.js';
import { failureAtResult, statusWord, verdictOf } from './verdict.js';

// What a resource answers that is not there, or cannot be read.
const ABSENT: ReadonlySet<number> = new Set([400, 404, 405, 410, 501]);

/** All that is needed to read what a monitor answers. */
export interface Context {
  readonly settings: MonitorSettings;
  readonly subject: Subject;
  readonly signal: AbortSignal | null | undefined;
}

/**
 * Makes a snapshot of what a monitor has answered, with the result of an operation that has succeeded.
 *
 * @throws CallFailedError when the answer says nothing of the operation, or the result cannot be had; ProtocolError when
 * an answer is not valid.
 */
export async function stateOf(
  context: Context,
  monitor: Monitor,
  reached: Reached,
): Promise<OperationLike> {
  const { settings } = context;
  const { answer } = reached;
  if (answer.status === 303) {
    const told = metadataOf(parseJson(answer.text), answer.headers);
    return ended(context, await behind(context, reached), told);
  }
  if (!is(2, answer.status)) return failedJob(reached);
  const document = documentOf(monitor, reached);
  const verdict = verdictOf(monitor, { http: answer.status, document }, settings.statusOf);
  const metadata = metadataOf(verdict === 'result' ? undefined : document, answer.headers);
  if (verdict === 'running') {
    return withPollAfter({ done: false, metadata }, answer.headers, Date.now());
  }
  if (verdict === 'failed' || verdict === 'canceled') {
    return { done: true, metadata, error: errorIn(document, verdict) };
  }
  const place =
    verdict === 'succeeded' ? resultPlace(context, monitor, reached, document) : undefined;
  if (place === undefined) return succeeded(document, metadata);
  const result = await resultAt(context, place, monitor.isGuess === true);
  return result === undefined
    ? succeeded(document, metadata)
    : ended(context, result.value, metadata);
}

/**
 * Makes a snapshot of the answer of a start call that is done.
 *
 * @throws CallFailedError or ProtocolError when its body cannot be read, ProtocolError when it says that it is not done.
 */
export function endOf({ statusOf }: MonitorSettings, reached: Reached): OperationLike {
  const { request, answer } = reached;
  const document = contentOf(reached);
  const monitor = { kind: 'http', url: request.url } as const;
  const verdict = verdictOf(monitor, { http: answer.status, document }, statusOf);
  if (verdict === 'failed' || verdict === 'canceled') {
    return { done: true, error: errorIn(document, verdict) };
  }
  // With 201 these words say that the resource is there.
  const isThere = answer.status === 201 && /^(created|new)$/i.test(statusWord(document) ?? '');
  if (verdict !== 'running' || isThere) return succeeded(document, undefined);
  throw new ProtocolError({
    problem: `says that the work goes on, and names no monitor (HTTP ${answer.status}, ${request.label}); the option \`monitor\` of \`operation\` can`,
    answer: answer.text.slice(0, 200),
    method: 'start',
  });
}

/**
 * Tells whether the monitor at a URL says that the operation is done, whatever its result.
 *
 * @throws CallFailedError or ProtocolError when the answer does not tell.
 */
export async function isOver(context: Context, monitor: Monitor, url: string): Promise<boolean> {
  const { settings, subject, signal } = context;
  const reached = await follow(settings, subject, url, signal, false);
  const { status } = reached.answer;
  if (status === 303) return true;
  if (status === 404 || status === 410) return false;
  if (!is(2, status)) return failedJob(reached).done === true;
  const reading = { http: status, document: documentOf(monitor, reached) };
  return verdictOf(monitor, reading, settings.statusOf) !== 'running';
}

/** What an operation that has succeeded came to: what is at its result may say failure. */
function ended(
  { settings }: Context,
  document: unknown,
  metadata: object | undefined,
): OperationLike {
  const verdict = failureAtResult(document, settings.statusOf);
  if (verdict === undefined) return succeeded(document, metadata);
  return { done: true, metadata, error: errorIn(document, verdict) };
}

function succeeded(response: unknown, metadata: object | undefined): OperationLike {
  return { done: true, metadata, response };
}

/** What a monitor's answer holds. What comes with 202 need not be readable. */
function documentOf(monitor: Monitor, reached: Reached): unknown {
  const { request, answer } = reached;
  if (answer.status === 202) return answer.isCut ? undefined : parseJson(answer.text);
  const document = contentOf(reached);
  const isReadable = isRecord(document) || answer.status === 204;
  if (monitor.kind !== 'status' || isReadable) return document;
  if (document === undefined) throw noJson(request, answer);
  throw new ProtocolError({
    problem: `does not say how the operation is (HTTP ${answer.status}, ${request.label})`,
    answer: answer.text.slice(0, 200),
    operationName: request.name,
  });
}

function resultPlace(
  { subject }: Context,
  { result }: Monitor,
  { request }: Reached,
  document: unknown,
): string | undefined {
  const { resourceLocation } = isRecord(document) ? document : {};
  if (typeof resourceLocation !== 'string' || resourceLocation === '') return result;
  const place = httpUrl(resourceLocation, request.url);
  if (place !== undefined) return place;
  throw refusal(subject, request.url, 'The `resourceLocation` is not a URL of http or https');
}

async function behind(context: Context, reached: Reached): Promise<unknown> {
  const place = targetOf(reached);
  // The redirect itself is the failure.
  if (place === undefined) throw failure(reached);
  return (await resultAt(context, place, false))?.value;
}

/** Gets the result. @returns undefined where it was a guess, and there is nothing. */
async function resultAt(
  { settings, subject, signal }: Context,
  place: string,
  isGuess: boolean,
): Promise<{ readonly value: unknown } | undefined> {
  const reached = await follow(settings, subject, place, signal, true);
  const { request, answer } = reached;
  if (isGuess && ABSENT.has(answer.status)) return undefined;
  if (!is(2, answer.status)) throw failure(reached);
  if (answer.status !== 202) return { value: contentOf(reached) };
  const message = 'The operation has succeeded, but its result is not there yet (HTTP 202)';
  const status = withHeaders(
    { code: Code.UNAVAILABLE, message, details: [] },
    202,
    answer.headers,
    Date.now(),
  );
  const { method, name: operationName } = subject;
  throw new CallFailedError({ method, operationName, url: request.url, status });
}

/** An OperationOutcome tells that the job has failed; all other failures are those of the call. */
function failedJob(reached: Reached): OperationLike {
  const { request, answer } = reached;
  const outcome = answer.isCut ? undefined : parseJson(answer.text);
  // Credentials, the rate of calls and the load say nothing of the job.
  const isOfCall =
    [401, 408, 429].includes(answer.status) ||
    (answer.status === 503 && answer.headers.has('retry-after'));
  if (!isOutcome(outcome) || !hasIssue(outcome) || isOfCall) throw failure(reached);
  const status = statusOfOutcome(outcome, answer.status);
  const code = transientCode(outcome);
  if (code === undefined) return { done: true, error: status };
  throw new CallFailedError({
    method: request.method,
    operationName: request.name,
    url: request.url,
    status: withHeaders({ ...status, code }, answer.status, answer.headers, Date.now()),
    cause: new HttpError({ ...answer, request: request.label, body: answer.text }),
  });
}
