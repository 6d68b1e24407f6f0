import { Code, codeName, type CodeName } from '../status/code.js';
import type { Status } from '../status/status.js';
import { redact } from '../values/redact.js';

const otherCredentials = 'With other credentials, its name is enough to resume.';

// The message is also that of a failure that is about to be retried, so it must not ask the reader to act.
const hints: Readonly<Partial<Record<CodeName, string>>> = {
  CANCELLED: 'The call was broken off; the operation may still be running.',
  INVALID_ARGUMENT: 'The name or the request may be wrong.',
  NOT_FOUND: 'The name may be wrong, or the server has forgotten the operation since.',
  PERMISSION_DENIED: otherCredentials,
  FAILED_PRECONDITION:
    'It lasts until its cause changes, such as an address, a certificate or a size limit.',
  UNAUTHENTICATED: otherCredentials,
  UNIMPLEMENTED: 'This service or client does not offer the method.',
};

// With these a service refuses a call, and has begun nothing.
const refusals: ReadonlySet<number> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.PERMISSION_DENIED,
  Code.RESOURCE_EXHAUSTED,
  Code.UNIMPLEMENTED,
  Code.UNAUTHENTICATED,
]);

/** Says that a start call without an answer may have been obeyed. @internal */
export const mayHaveBegun = 'It may have begun: check before you start it again.';

/** Writes a Status as a sentence: `NOT_FOUND (5): no such thing.` @internal */
export function describeStatus({ code, message }: Status): string {
  return sentence(`${codeName(code)} (${code})${message && `: ${message}`}`);
}

/** Ends a text with a full stop, once. @internal */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Says what a failed call means for the operation. @internal */
export function hintFor(status: Status, method: string): string {
  if (method === 'list') return 'The same page can be requested again.';
  const { code } = status;
  const isStart = method === 'start';
  if (isStart && refusals.has(code)) return 'Nothing was started.';
  return (
    hints[codeName(code)] ??
    (isStart ? mayHaveBegun : 'The operation may still be running; its name is enough to resume.')
  );
}

/** Writes a URL without credentials, query and fragment. @internal */
export function plainUrl(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    if (origin !== 'null') return origin + pathname;
  } catch {
    // It is a part of one, or the platform cannot read it.
  }
  return redact(url);
}

/** Names the subject of a call, for a message. @internal */
export function subjectOf(method: string | undefined, name: string | undefined): string {
  return method === 'list'
    ? `Listing the operations of ${name ? redact(name) : 'all parents'}`
    : nameOf(name);
}

/** Names an operation, for a message. @internal */
export function nameOf(operationName: string | undefined): string {
  return operationName ? `Operation ${redact(operationName)}` : 'The operation';
}
