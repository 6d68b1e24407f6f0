import { Code, codeName } from '../status/code.js';
import type { Status } from '../status/status.js';
import { redact } from '../values/redact.js';

const adviceByCode: ReadonlyMap<number, string> = new Map([
  [Code.CANCELLED, 'The call was given up on the way; make it again.'],
  [Code.INVALID_ARGUMENT, 'Check the name and the request.'],
  [Code.NOT_FOUND, 'The name may be wrong, or the server has forgotten the operation since.'],
  [Code.PERMISSION_DENIED, 'Check what these credentials may do, then resume by the name.'],
  [Code.UNAUTHENTICATED, 'Renew the credentials, then resume by the name.'],
  [Code.UNIMPLEMENTED, 'This service or client does not offer the method.'],
]);

/** Writes a Status in one line: `NOT_FOUND (5): no such thing`. @internal */
export function describeStatus(status: Status): string {
  const code = `${codeName(status.code)} (${status.code})`;
  return status.message === '' ? code : `${code}: ${status.message}`;
}

/** Ends a text with a full stop, once. @internal */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Says what to do after a call that failed. @internal */
export function adviceFor(status: Status, method: string): string {
  if (method === 'list') return 'List again once the cause is mended.';
  if (method === 'start') return 'Whether it has begun is not known: list the operations to see.';
  return (
    adviceByCode.get(status.code) ??
    'The operation itself may be running on; resume by its name once the cause is mended.'
  );
}

/** Names what a call is about, as an error does. @internal */
export function subjectOf(method: string | undefined, name: string | undefined): string {
  return method === 'list'
    ? `Listing the operations of ${name ? redact(name) : 'all parents'}`
    : nameOf(name);
}

/** Names an operation as an error does. @internal */
export function nameOf(operationName: string | undefined): string {
  return operationName ? `Operation ${redact(operationName)}` : 'The operation';
}
