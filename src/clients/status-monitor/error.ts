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
  const own = messageOf(error) ?? messageOf(fields);
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

// Where services put it: beside the status, beneath `properties`, in a list, or in the attributes of JSON:API.
function find(fields: Fields): Fields {
  const { properties, data } = fields;
  const inner = isRecord(properties) ? properties : {};
  const attributes = isRecord(data) && isRecord(data['attributes']) ? data['attributes'] : {};
  const places = [fields, inner, attributes, isRecord(data) ? data : {}];
  const errors = places.flatMap(({ error, errors: list }) => [
    typeof error === 'string' && error !== '' ? { message: error } : error,
    Array.isArray(list) ? (list[0] as unknown) : undefined,
  ]);
  const isFull = (each: unknown): each is Fields =>
    isRecord(each) && (each['code'] != null || messageOf(each) !== undefined);
  return errors.find(isFull) ?? [inner, attributes].find(isFull) ?? fields;
}

function codeOf({ code, status, details }: Fields): number {
  const name = [status, code].find((each) => typeof each === 'string' && isName(each));
  if (name !== undefined) return codeFromName(upper(name as string)) ?? Code.UNKNOWN;
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

function messageOf(fields: Fields): string | undefined {
  const texts = ['message', 'statusMessage', 'detail', 'title', 'reason', 'description'];
  return texts
    .map((field) => fields[field])
    .find((each) => typeof each === 'string' && each !== '') as string | undefined;
}
