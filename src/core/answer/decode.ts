import { ProtocolError } from '../errors/protocol-error.js';
import { Code } from '../status/code.js';
import { statusFrom } from '../status/status-from.js';
import type { Status } from '../status/status.js';
import type { Operation } from '../operation.js';
import { isRecord, type Fields } from '../values/record.js';

/**
 * Reads an operation out of an answer, which may be anything.
 *
 * Only `done` decides: a response or an error on an operation that is not done is left out, as some
 * services send one early. On one that is done, an error goes before a response, and one that is
 * empty counts only when there is no response.
 *
 * @param requestedName - What was asked about: the name of the operation where the answer has none.
 * @throws ProtocolError when the answer is no operation.
 * @internal
 */
export function decodeOperation(answer: unknown, requestedName?: string): Operation {
  const wrong: Complain = (problem, cause) =>
    new ProtocolError({ problem, answer, operationName: requestedName, cause });
  try {
    return read(answer, requestedName, wrong);
  } catch (error) {
    // A getter or a proxy threw.
    throw error instanceof ProtocolError ? error : wrong('cannot be read', error);
  }
}

type Complain = (problem: string, cause?: unknown) => ProtocolError;

function read(answer: unknown, requestedName: string | undefined, wrong: Complain): Operation {
  if (!isRecord(answer)) throw wrong('is no operation');
  if (isHttpResponse(answer)) {
    throw wrong('is an HTTP response that was not read: return `response.json()` from the client');
  }
  const done = answer['done'] ?? false;
  if (typeof done !== 'boolean') throw wrong('is no operation: its `done` is no boolean');
  const given = answer['name'] ?? undefined;
  if (given !== undefined && typeof given !== 'string') {
    throw wrong('is no operation: its `name` is no text');
  }
  if (given === undefined && !done && answer['metadata'] == null) {
    throw wrong('is no operation: it has no name and is not done');
  }
  const name = given === undefined || given === '' ? (requestedName ?? '') : given;
  const metadata = answer['metadata'] ?? undefined;
  // Most answers of a long wait are of the first kind, and spreading takes its time.
  if (!done && metadata === undefined) return Object.freeze({ name, done });
  if (!done) return Object.freeze({ name, done, metadata });
  return Object.freeze({
    name,
    done,
    ...(metadata === undefined ? {} : { metadata }),
    ...outcomeOf(answer),
  });
}

function outcomeOf(answer: Fields): { error?: Status; response?: unknown } {
  const response = answer['response'] ?? undefined;
  const error = answer['error'] ?? undefined;
  if (error !== undefined) {
    const status = statusFrom(error);
    if (!isEmpty(error, status)) return { error: failing(status) };
    if (response === undefined) return { error: failing(status) };
  }
  return response === undefined ? {} : { response };
}

// A Status that says OK, or nothing at all, in the place of an error is a fault of the service.
function failing(status: Status): Status {
  return Object.freeze(status.code === Code.OK ? { ...status, code: Code.UNKNOWN } : status);
}

function isEmpty(error: unknown, status: Status): boolean {
  const saysCode = isRecord(error) && (error['code'] ?? error['status'] ?? undefined) !== undefined;
  const isOk = !saysCode || status.code === Code.OK;
  return isOk && status.message === '' && status.details.length === 0;
}

function isHttpResponse(answer: Fields): boolean {
  return typeof answer['json'] === 'function' && typeof answer['status'] === 'number';
}

/**
 * Tells whether an answer is the error of an HTTP API, passed on by a client that does not look at the
 * HTTP status: `{error: {code: 503, …}}`, the same in a list of one, `{code: 14, message: …}` or
 * `{error: 'invalid_grant'}`, and nothing of an operation.
 *
 * @internal
 */
export function isErrorEnvelope(answer: unknown): boolean {
  try {
    // One level and no deeper: an answer may nest as deep as it likes.
    return isEnvelope(Array.isArray(answer) && answer.length === 1 ? answer[0] : answer);
  } catch {
    // A getter or a proxy threw.
    return false;
  }
}

function isEnvelope(answer: unknown): boolean {
  if (!isRecord(answer) || answer['name'] != null || answer['done'] != null) return false;
  const { error, code, message } = answer;
  if (isRecord(error)) return error['code'] != null || error['status'] != null;
  if (typeof error === 'string') return error !== '';
  return typeof code === 'number' && typeof message === 'string';
}
