import { CallFailedError } from '../core/errors/call-failed-error.js';
import { errorFromJson } from '../core/errors/error-from-json.js';
import { ProtocolError } from '../core/errors/protocol-error.js';
import type { StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import { list, text, type Fields } from '../core/values/record.js';

// What a state may hold of a failure, in characters of JSON: a server bounds neither its messages nor its details.
const LONGEST_TEXT = 80;
const LONGEST_DETAILS = 100;
const LONGEST_URL = 60;

/**
 * Makes a small JSON value of the failure of a call. Long texts are cut, and details that do not fit left out.
 *
 * @internal
 */
export function storeError(error: StatusError): Fields {
  const json = error.toJSON();
  const { kind, code, method, attempts, problem, answer } = json;
  const details = fitting(list(json['details']));
  const common = { kind, code, ...(details.length > 0 ? { details } : {}), method };
  if (error instanceof ProtocolError) {
    const beginning = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { ...common, problem: cut(text(problem)), answer: beginning && cut(beginning) };
  }
  if (!(error instanceof CallFailedError)) return { ...common, message: cut(error.message) };
  const { url = '' } = error;
  return {
    ...common,
    attempts,
    statusMessage: cut(error.status.message),
    ...(url !== '' && sizeOf(url) <= LONGEST_URL ? { url } : {}),
  };
}

/**
 * Makes the error again.
 *
 * @param name - Of the operation.
 * @throws TypeError when it is not what `storeError` has made.
 * @internal
 */
export function readError(stored: Fields, name: string, operation?: Operation): StatusError {
  const known = operation ?? { name, done: false };
  const { kind, problem, answer } = stored;
  if (kind === 'protocol') {
    return new ProtocolError({ problem: text(problem), answer, operation: known });
  }
  if (kind !== 'call-failed') return errorFromJson({ ...stored, operation: known });
  const { code, method, attempts, url } = stored as unknown as CallFailedError;
  if (!Number.isInteger(code) || typeof method !== 'string') {
    throw new TypeError('It is not a call.');
  }
  const status = { code, message: text(stored['statusMessage']), details: list(stored['details']) };
  return new CallFailedError({
    status,
    method,
    attempts,
    url,
    operationName: name,
    operation: known,
  });
}

function cut(given: string): string {
  if (sizeOf(given) <= LONGEST_TEXT) return given;
  let kept = given.slice(0, LONGEST_TEXT);
  // Characters that take several bytes, or an escape, count for more.
  while (sizeOf(kept) > LONGEST_TEXT) kept = kept.slice(0, Math.floor(kept.length * 0.9));
  return `${kept}…`;
}

function fitting(details: readonly unknown[]): readonly unknown[] {
  let size = 0;
  return details.filter((detail) => {
    const own = sizeOf(detail);
    if (size + own > LONGEST_DETAILS) return false;
    size += own;
    return true;
  });
}

/** The bytes that a value takes in JSON. */
function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
}
