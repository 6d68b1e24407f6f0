import { ProtocolError } from '../errors/protocol-error.js';
import { Code } from '../status/code.js';
import { statusAsWritten } from '../status/status-from.js';
import type { Status } from '../status/status.js';
import type { Operation } from '../operation.js';
import { copyOf } from '../values/copy.js';
import { isRecord, type Fields } from '../values/record.js';

/**
 * Reads an operation out of an answer, which may be anything and may change later: the snapshot has copies.
 *
 * Only `done` decides: a response or an error of an operation that is not done is left out, since some
 * services send one early. If the operation is done, an error takes precedence over a response; an empty
 * error counts only when there is no response.
 *
 * @param requestedName - The name that was asked about. It is the operation's name if the answer has none.
 * @throws ProtocolError when the answer is not an operation.
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
  if (!isRecord(answer)) throw wrong('is not an operation');
  if (isHttpResponse(answer)) {
    throw wrong('is an HTTP response that was not read: return `response.json()` from the client');
  }
  const { name: given, done: saidDone, metadata: told } = answer;
  const done = saidDone ?? false;
  if (typeof done !== 'boolean') throw wrong('is not an operation: `done` is not a boolean');
  if (given != null && typeof given !== 'string') {
    throw wrong('is not an operation: `name` is not a string');
  }
  // Absent means false in ProtoJSON, but an operation has no such fields: it would be polled for ever.
  const jobField = ['status', 'state'].find((field) => typeof answer[field] === 'string');
  const isBare = saidDone == null && (given == null || told == null);
  if (isBare && jobField !== undefined && requestedName !== undefined) {
    throw wrong(
      `is not an operation: it has \`${jobField}\`, but no \`done\` (rx-lro/job reads such answers)`,
    );
  }
  if (given == null && saidDone == null && told == null) {
    throw wrong('is not an operation: it has no `name`, `done` or `metadata`');
  }
  // Empty counts as absent.
  const name = given || (requestedName ?? '');
  // Most answers of a long wait are of the first kind, and spreading takes time.
  if (!done && told == null) return Object.freeze({ name, done });
  const metadata = copyOf(told);
  if (!done) return Object.freeze({ name, done, metadata });
  return Object.freeze({
    name,
    done,
    ...(metadata == null ? {} : { metadata }),
    ...outcomeOf(answer),
  });
}

function outcomeOf(answer: Fields): { error?: Status; response?: unknown } {
  const response = answer['response'] ?? undefined;
  const error = answer['error'] ?? undefined;
  if (error !== undefined) {
    const status = statusAsWritten(error);
    if (response === undefined || !isEmptyError(error, status)) return { error: failing(status) };
  }
  return response === undefined ? {} : { response: copyOf(response) };
}

// A service that sends OK or an empty Status as an error is wrong, but the operation failed.
function failing({ code, message, details }: Status): Status {
  return Object.freeze({
    code: code === Code.OK ? Code.UNKNOWN : code,
    message,
    details: copyOf(details),
  });
}

/** Tells whether an error says nothing, so that a response beside it counts. @internal */
export function isEmptyError(error: unknown, status: Status): boolean {
  const saysCode = isRecord(error) && (error['code'] ?? error['status'] ?? undefined) !== undefined;
  const isOk = !saysCode || status.code === Code.OK;
  return isOk && status.message === '' && status.details.length === 0;
}

function isHttpResponse(answer: Fields): boolean {
  return typeof answer['json'] === 'function' && typeof answer['status'] === 'number';
}

/**
 * Tells whether an answer is an error of an HTTP API, from a client that ignores the HTTP status:
 * `{error: {code: 503, …}}`, the same in an array of one, `{code: 14, message: …}` or
 * `{error: 'invalid_grant'}`, without any field of an operation.
 *
 * @internal
 */
export function isErrorEnvelope(answer: unknown): boolean {
  try {
    // One level only: an answer may nest to any depth.
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
