import { Code, codeFromHttp, codeFromName } from '../../core/status/code.js';
import { codeOfReason } from '../../core/status/reason.js';
import type { Status } from '../../core/status/status.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { isOutcome, outcomeOf, statusOfOutcome } from './fhir.js';

/** Reads why an operation has failed or was cancelled out of the document that says so. */
export function errorIn(document: unknown, verdict: 'failed' | 'canceled'): Status {
  const fields = isRecord(document) ? document : {};
  if (isOutcome(fields) || outcomeOf(fields) === 'failed') return statusOfOutcome(fields);
  const error = find(fields);
  const { code, details } = error;
  const rpcCode = codeOf(error);
  // A name of a code says no more than the code.
  const reason = typeof code === 'string' && !isName(code) && code !== '' ? code : undefined;
  const { status } = fields;
  const isError = !placesOf(fields).includes(error);
  const own = [messageOf(error, isError), messageOf(fields), messageOf(status)].find(Boolean);
  const fallback =
    verdict === 'failed' ? 'The operation has failed.' : 'The operation was canceled.';
  const known = new Set(['code', 'message', 'details', 'status']);
  const saysMore = error !== fields && Object.keys(error).some((key) => !known.has(key));
  return {
    code: verdict === 'canceled' ? Code.CANCELLED : rpcCode,
    message: [reason, own ?? (reason === undefined ? fallback : undefined)]
      .filter((each) => each !== undefined)
      .join(': '),
    details: [
      ...(Array.isArray(details) ? (details as readonly unknown[]) : []),
      ...(reason === undefined
        ? []
        : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }]),
      ...(saysMore ? [error] : []),
    ],
  };
}

/** Where services put words and errors: in the document, beneath `properties`, in the attributes of JSON:API, in `data`. @internal */
export function placesOf(fields: Fields): readonly Fields[] {
  const { properties, data } = fields;
  const attributes = isRecord(data) ? data['attributes'] : undefined;
  return [fields, properties, attributes, data].filter(isRecord);
}

/** Tells whether a document has an error. Errors next to data are those of a part. @internal */
export function hasError(fields: Fields): boolean {
  const { errors, data } = fields;
  if (Array.isArray(errors) && errors.length > 0 && data == null) return true;
  return placesOf(fields).some(({ error }) => isFull(asFields(error)));
}

function find(fields: Fields): Fields {
  const [, ...inner] = placesOf(fields);
  const errors = placesOf(fields).flatMap(({ error, errors: list }) => [
    asFields(error),
    Array.isArray(list) ? asFields(list[0]) : undefined,
  ]);
  return (
    errors.find(isFull) ?? inner.find((each) => each['code'] != null || messageOf(each)) ?? fields
  );
}

function asFields(error: unknown): unknown {
  return typeof error === 'string' ? { message: error } : error;
}

function isFull(error: unknown): error is Fields {
  if (!isRecord(error)) return false;
  const { code } = error;
  // As in `{ code: 0, message: 'success' }`.
  if (code === 0 || /^(0|ok|success)$/i.test(String(code))) return false;
  return code != null || messageOf(error, true) !== undefined;
}

function codeOf({ code, status, details }: Fields): number {
  const name = [status, code].find((each) => typeof each === 'string' && isName(each));
  const named = codeFromName(upper(String(name)));
  // A failure cannot be OK.
  if (named !== undefined) return named === Code.OK ? Code.UNKNOWN : named;
  const known = codeOfReason(code);
  if (known !== undefined) return known;
  const number = [status, code].map(Number).find((each) => each >= 400 && each < 600);
  if (number !== undefined) return codeFromHttp(number);
  // A number is an rpc code only where there are the details of a Status.
  const isRpc = Number.isInteger(code) && Number(code) > 0 && Array.isArray(details);
  return isRpc ? Number(code) : Code.UNKNOWN;
}

function isName(code: string): boolean {
  return codeFromName(upper(code)) !== undefined;
}

// `NotFound` and `NOT_FOUND` are the same.
function upper(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}

// What a resource says of itself is not why it has failed.
const ofResource: readonly string[] = ['message', 'statusMessage', 'detail'];
const ofError: readonly string[] = [...ofResource, 'title', 'reason', 'description'];

function messageOf(fields: unknown, isError = false): string | undefined {
  if (!isRecord(fields)) return undefined;
  return (isError ? ofError : ofResource)
    .map((field) => fields[field])
    .find((each) => typeof each === 'string' && each !== '') as string | undefined;
}
