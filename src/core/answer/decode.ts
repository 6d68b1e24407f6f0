import { ProtocolError } from '../errors/protocol-error.js';
import { Code } from '../status/code.js';
import { networkFailureOf } from '../status/network-failure.js';
import { statusAsWritten } from '../status/status-from.js';
import type { Status } from '../status/status.js';
import type { Operation } from '../operation.js';
import { copyOf } from '../values/copy.js';
import { isRecord, readSafely, text, type Fields } from '../values/record.js';

// How APIs of jobs say that a job is over.
const ended = /(^|_)(done|success|succeeded|completed?|failed|failure|error|cancell?ed)$/i;

/**
 * Reads an operation out of an answer, which may be anything and may change later: the snapshot has copies.
 *
 * Only `done` decides: a response or an error of an operation that is not done is left out, since some
 * services send one early. If the operation is done, an error takes precedence over a response; an empty
 * error counts only when there is no response.
 *
 * @param requestedName - The requested name. It is the operation's name if the answer has none.
 * @throws ProtocolError when the answer is not an operation.
 * @internal
 */
export function decodeOperation(answer: unknown, requestedName?: string): Operation {
  let read: Operation | string;
  let cause: unknown;
  try {
    read = readOperation(answer, requestedName);
  } catch (error) {
    // A getter or a proxy threw.
    read = 'cannot be read';
    cause = error;
  }
  if (typeof read === 'object') return read;
  throw new ProtocolError({ problem: read, answer, operationName: requestedName, cause });
}

/**
 * Clients that take any text for an answer hide that its JSON breaks off.
 *
 * @throws What the engine says of it.
 * @internal
 */
export function checkWhole(answer: unknown): void {
  try {
    if (typeof answer !== 'string') return;
    JSON.parse(answer);
  } catch (error) {
    if (networkFailureOf(error) !== undefined) throw error;
  }
}

/** @returns The operation; a clause that says what is wrong with the answer, where it is not one. */
function readOperation(answer: unknown, requestedName: string | undefined): Operation | string {
  if (!isRecord(answer)) return 'is not an operation';
  if (typeof answer['json'] === 'function' && typeof answer['status'] === 'number') {
    return 'is an HTTP response that was not read: return `response.json()` from the client';
  }
  const { name: given, done: saidDone, metadata: told } = answer;
  const done = saidDone ?? false;
  if (typeof done !== 'boolean') return 'is not an operation: `done` is not a boolean';
  if (given != null && typeof given !== 'string') {
    return 'is not an operation: `name` is not a string';
  }
  // Absent means false in ProtoJSON, but an operation has no such fields: it would be polled forever.
  const isBare = given == null || told == null;
  const isOpen = (answer['response'] ?? answer['error']) == null;
  const jobField = ['status', 'state'].find((field) => {
    const word = text(answer[field]);
    return isBare ? word !== '' : isOpen && ended.test(word);
  });
  if (saidDone == null && jobField !== undefined && requestedName !== undefined) {
    return `is not an operation: it has \`${jobField}\`, but no \`done\` (rx-lro/job reads such answers)`;
  }
  if (given == null && saidDone == null && told == null) {
    return 'is not an operation: it has no `name`, `done` or `metadata`';
  }
  // Empty counts as absent. Fields are added one by one: many waits read such answers, and spreading takes time.
  const operation: { -readonly [Field in keyof Operation]: Operation[Field] } = {
    name: given || (requestedName ?? ''),
    done,
  };
  if (told != null) operation.metadata = copyOf(told);
  return Object.freeze(done ? Object.assign(operation, outcomeOf(answer)) : operation);
}

function outcomeOf(answer: Fields): { error?: Status; response?: unknown } {
  const { response, error } = answer;
  if (error != null) {
    const status = statusAsWritten(error);
    if (response == null || !isEmptyError(error, status)) {
      // A service that sends OK or an empty Status as an error is wrong, but the operation failed.
      const code = status.code === Code.OK ? Code.UNKNOWN : status.code;
      return { error: Object.freeze({ ...status, code, details: copyOf(status.details) }) };
    }
  }
  return response == null ? {} : { response: copyOf(response) };
}

/** Tells whether an error says nothing, so that a response next to it counts. @internal */
export function isEmptyError(error: unknown, status: Status): boolean {
  const saysCode = isRecord(error) && (error['code'] ?? error['status']) != null;
  const isOk = !saysCode || status.code === Code.OK;
  return isOk && status.message === '' && status.details.length === 0;
}

/**
 * Tells whether an answer is an error of an HTTP API, from a client that ignores the HTTP status:
 * `{error: {code: 503, …}}`, the same in an array of one, `{code: 14, message: …}` or
 * `{error: 'invalid_grant'}`, without any field of an operation.
 *
 * @internal
 */
export function isErrorEnvelope(answer: unknown): boolean {
  // A getter or a proxy may throw.
  return readSafely(() => isEnvelope(answer)) ?? false;
}

function isEnvelope(given: unknown): boolean {
  // One level only: an answer may nest to any depth.
  const answer: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (!isRecord(answer) || answer['name'] != null || answer['done'] != null) return false;
  const { error, code, message } = answer;
  if (isRecord(error)) return (error['code'] ?? error['status']) != null;
  if (typeof error === 'string') return error !== '';
  return typeof code === 'number' && typeof message === 'string';
}
