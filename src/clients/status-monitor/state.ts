import { ProtocolError } from '../../core/errors/protocol-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code, codeFromHttp } from '../../core/status/code.js';
import type { Status } from '../../core/status/status.js';
import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { noJson } from '../http/answer.js';
import { withPollAfter } from '../http/poll-after.js';
import { is } from '../http/send.js';
import { contentOf } from './content.js';
import { statusWord } from './document.js';
import { errorIn } from './error.js';
import { hasIssue, isOutcome, statusOfOutcome, transientCode } from './fhir.js';
import { metadataOf } from './metadata.js';
import { httpUrl, type Monitor } from './name.js';
import { failure, isGone, refusal, targetOf, type Place, type Reached } from './reach.js';
import { resultAt, type Asking } from './result.js';
import { failureIn, verdictOf, type Verdict } from './verdict.js';

/** All that is needed to read what a monitor answers. */
export interface Context extends Asking {
  /** Whether the monitor has said before that the operation runs. */
  readonly isSeen: boolean;
  /** Is told where the result is, before it is requested. */
  readonly noteResult: (place: Place) => void;
}

/** What an answer of a monitor says. */
interface Told {
  readonly verdict: Verdict;
  /** What the monitor says of the operation, or the result. */
  readonly document?: unknown;
  /** Why it has failed, where that is not read from the document. */
  readonly error?: Status;
}

/**
 * Makes a snapshot of what a monitor has answered, with the result of an operation that has succeeded.
 *
 * @throws CallFailedError when the answer says nothing of the operation, or the result cannot be had; ProtocolError when
 * an answer makes no sense.
 */
export async function stateOf(
  context: Context,
  monitor: Monitor,
  reached: Reached,
): Promise<OperationLike> {
  const { headers } = reached.answer;
  const told = tellingOf(context, monitor, reached);
  const { verdict, document, error } = told;
  const metadata = metadataOf(verdict === 'result' ? undefined : document, headers);
  if (verdict === 'running') return withPollAfter({ done: false, metadata }, headers, Date.now());
  if (verdict === 'failed' || verdict === 'canceled') {
    return { done: true, metadata, error: error ?? errorIn(document, verdict) };
  }
  const place = resultPlace(context, monitor, reached, told);
  return place === undefined
    ? succeeded(document, metadata)
    : endAt(context, place, document, metadata);
}

/**
 * Reads an answer of a monitor.
 *
 * @throws CallFailedError when it says nothing of the operation, ProtocolError when it makes no sense.
 */
export function tellingOf(context: Context, monitor: Monitor, reached: Reached): Told {
  const { status: http, text } = reached.answer;
  if (http === 303) return { verdict: 'succeeded', document: parseJson(text) };
  if (!is(2, http)) return { verdict: 'failed', error: failureOfJob(context, monitor, reached) };
  const { statusOf } = context.settings;
  const document = documentOf(monitor, reached, statusOf !== undefined);
  return { verdict: verdictOf(monitor, { http, document }, statusOf), document };
}

/**
 * Makes a snapshot of an operation that has succeeded, with what is at its result: that may say failure.
 *
 * @param document - The result where that was a guess and there is nothing.
 */
export async function endAt(
  context: Context,
  place: Place,
  document: unknown,
  metadata: object | undefined,
): Promise<OperationLike> {
  context.noteResult(place);
  const result = await resultAt(context, place);
  if (result === undefined) return succeeded(document, metadata);
  const verdict = failureIn(result.value);
  if (verdict === undefined) return succeeded(result.value, metadata);
  return { done: true, metadata, error: errorIn(result.value, verdict) };
}

function succeeded(response: unknown, metadata: object | undefined): OperationLike {
  return { done: true, metadata, response };
}

/** What a monitor's answer holds. What comes with 202 need not be readable. */
function documentOf({ kind }: Monitor, reached: Reached, hasReader: boolean): unknown {
  const { request, answer } = reached;
  if (answer.status === 202) return answer.isCut ? undefined : parseJson(answer.text);
  const document = contentOf(reached);
  if (kind !== 'status' || answer.status === 204) return document;
  if (document === undefined) throw noJson(request, answer);
  if (isRecord(document)) {
    const { status } = document;
    // A `status` that is not a text, such as null, does not say that all is well.
    const isReadable = status === undefined || statusWord(document) !== undefined;
    if (hasReader || isReadable) return document;
  }
  throw new ProtocolError({
    problem: `does not say how the operation is (HTTP ${answer.status}, ${request.label})`,
    answer: answer.text.slice(0, 200),
    operationName: request.name,
  });
}

/** Where the result is; undefined for the document of the monitor. */
function resultPlace(
  { subject }: Context,
  { result, isFixed, isGuess = false, kind }: Monitor,
  reached: Reached,
  { document, verdict }: Told,
): Place | undefined {
  const { request, answer, isForeign } = reached;
  const named: Place | undefined = result === undefined ? undefined : { url: result, isGuess };
  if (isFixed === true && (named !== undefined || answer.status !== 303)) return named;
  if (answer.status === 303) {
    const url = targetOf(reached);
    // The redirect itself is the failure.
    if (url === undefined) throw failure(reached);
    return { url, isForeign };
  }
  if (verdict === 'result' && kind !== 'status') return undefined;
  const { resourceLocation } = isRecord(document) ? document : {};
  if (typeof resourceLocation !== 'string' || resourceLocation === '') {
    const isThere = verdict === 'result' ? document !== undefined : holdsResult(document);
    return isGuess && isThere ? undefined : named;
  }
  const url = httpUrl(resourceLocation, request.url);
  if (url !== undefined) return { url, isForeign };
  throw refusal(subject, request.url, 'The `resourceLocation` is not an http or https URL');
}

// Such as `result`, `analyzeResult`, `output` and `response`.
const RESULT = /results?$|^(?:outputs?|response)$/i;

function holdsResult(document: unknown): boolean {
  if (!isRecord(document)) return false;
  return Object.entries(document).some(([key, value]) => value != null && RESULT.test(key));
}

// They say something of the request for the monitor, of a proxy or of the load, and nothing of the job.
const statusesOfCalls: ReadonlySet<number> = new Set([401, 403, 404, 408, 410, 429, 502, 503, 504]);
// Another try would not change them, whatever an issue says.
const lastingStatuses: ReadonlySet<number> = new Set([401, 404, 410]);

/**
 * Reads why a job has failed: an OperationOutcome tells it, and an error of Azure.
 *
 * @throws CallFailedError for all else: it is the failure of the call.
 */
function failureOfJob({ isSeen }: Context, { kind }: Monitor, reached: Reached): Status {
  const { answer } = reached;
  const { status: http } = answer;
  const document = answer.isCut || answer.isRedirect ? undefined : parseJson(answer.text);
  // The code of a 410, or of a code in the body, would end a wait at once.
  const missing = isGone(reached) ? Code.NOT_FOUND : undefined;
  if (isOutcome(document) && hasIssue(document)) {
    const status = statusOfOutcome(document, http);
    const transient = lastingStatuses.has(http) ? undefined : transientCode(document);
    if (transient === undefined && !statusesOfCalls.has(http)) return status;
    throw failure(reached, { ...status, code: transient ?? missing ?? codeFromHttp(http) });
  }
  const { error } = isRecord(document) ? document : {};
  const isOfAzure = kind !== 'status' && isRecord(error) && typeof error['code'] === 'string';
  if (isSeen && isOfAzure && is(4, http) && !statusesOfCalls.has(http)) {
    const status = errorIn(document, 'failed');
    const code = status.code === Code.UNKNOWN ? codeFromHttp(http) : status.code;
    return { ...status, code };
  }
  const message = `HTTP ${http}: the monitor is not there`;
  throw failure(reached, missing && { code: missing, message, details: [] });
}
