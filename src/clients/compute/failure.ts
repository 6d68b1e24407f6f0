import { Code, codeFromHttp, codeFromName } from '../../core/status/code.js';
import { statusAsWritten } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import {
  cloudSqlErrors,
  computeErrors,
  errorFamilies,
  gkeErrors,
  type ErrorCodes,
} from './error-codes.js';

type Meaning = Omit<ErrorCodes, 'names'>;

const meanings: ReadonlyMap<string, Meaning> = new Map(
  [...computeErrors, ...cloudSqlErrors, ...gkeErrors].flatMap((row) =>
    row.names.split(' ').map((name) => [name, row] as const),
  ),
);

/**
 * Tells whether a failure passes by itself, as the service documents it: the same request may succeed later.
 * A zone without resources and a rate that was exceeded do, a quota that is used up does not.
 *
 * @param error - The error of an operation that `operationFromCompute` read, or of a start call that
 * failed: a Status or a StatusError. Its `details` have the error codes.
 * @returns True when all error codes among its details that are known are of that kind, or, where none is
 * known, when the code is UNAVAILABLE.
 *
 * @example
 * ```ts
 * import { isStatusError } from 'rx-lro';
 * import { passesByItself } from 'rx-lro/compute';
 *
 * export const isWorthAnotherStart = (error: unknown): boolean =>
 *   isStatusError(error) && passesByItself(error);
 * ```
 */
export function passesByItself({ code, details }: Pick<Status, 'code' | 'details'>): boolean {
  const known = meaningsIn(details);
  return known.length === 0 ? code === Code.UNAVAILABLE : known.every(({ passes }) => passes);
}

/** Reads the error of an operation that is done; undefined when there is none. @internal */
export function errorOf(body: Fields): Status | undefined {
  const { error, httpErrorStatusCode: http, httpErrorMessage, statusMessage } = body;
  const errors = listIn(error, 'errors');
  // GKE has a Status in place of a list.
  const own = errors.length === 0 && isRecord(error) && hasText(error) ? error : undefined;
  if (own === undefined && errors.length === 0 && http == null && !statusMessage) return undefined;
  const entries = own === undefined ? errors : [own];
  const status = own === undefined ? undefined : statusAsWritten(own);
  const details = [
    ...(status?.details ?? [...errors, ...errors.flatMap(detailsOf)]),
    ...['clusterConditions', 'nodepoolConditions'].flatMap((field) => listIn(body, field)),
  ];
  const [known] = meaningsIn([...entries, ...details]);
  return {
    code:
      (status?.code === Code.UNKNOWN ? undefined : status?.code) ??
      known?.code ??
      (codeFromHttp(Number(http)) || Code.UNKNOWN),
    message: messageOf(entries, String(statusMessage || (httpErrorMessage ?? ''))),
    details,
  };
}

function hasText({ code, message }: Fields): boolean {
  return (code ?? message ?? undefined) !== undefined;
}

function meaningsIn(details: readonly unknown[]): readonly Meaning[] {
  return details
    .filter(isRecord)
    .flatMap(({ code, reason }) => [code, reason])
    .map(meaningOf)
    .filter((meaning) => meaning !== undefined);
}

function meaningOf(name: unknown): Meaning | undefined {
  if (typeof name !== 'string') return undefined;
  // Some are written as `resourceNotReady`, and some have a variant that means the same.
  const snake = name.replaceAll(/([a-z])(?=[A-Z])/g, '$1_');
  const constant = snake.toUpperCase().replace(/_WITH_DETAILS$/, '');
  const code = codeFromName(constant) ?? Code.UNKNOWN;
  const isCode = code !== Code.UNKNOWN && code !== Code.OK;
  return (
    meanings.get(constant) ??
    (isCode ? { code, passes: code === Code.UNAVAILABLE } : undefined) ??
    errorFamilies.find(({ pattern }) => pattern.test(constant))
  );
}

function messageOf(entries: readonly unknown[], beside: string): string {
  const records = entries.filter(isRecord);
  const texts = records.map(textOf).filter((text) => text !== '');
  if (records.some(({ message }) => Boolean(message))) return texts.join(' ');
  return [texts.join(', '), beside].filter((text) => text !== '').join(': ');
}

// What the code of the Status says need not be said again.
function textOf({ code, message }: Fields): string {
  const text = String(message ?? '');
  if (typeof code !== 'string' || text.includes(code)) return text;
  if (text === '') return code;
  return meaningOf(code) === undefined ? `${code}: ${text}` : text;
}

const detailFields = ['errorInfo', 'help', 'localizedMessage'];

function detailsOf(error: unknown): readonly unknown[] {
  return listIn(error, 'errorDetails').flatMap((detail: unknown) =>
    detailFields.flatMap((field) => {
      const content = isRecord(detail) ? detail[field] : undefined;
      if (!isRecord(content)) return [];
      const type = field.charAt(0).toUpperCase() + field.slice(1);
      return [{ '@type': `type.googleapis.com/google.rpc.${type}`, ...content }];
    }),
  );
}

function listIn(value: unknown, field: string): readonly unknown[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list : [];
}
