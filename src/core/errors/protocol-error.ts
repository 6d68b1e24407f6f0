import type { Method } from '../client.js';
import { Code } from '../status/code.js';
import type { Operation } from '../operation.js';
import { toJsonValue } from '../values/json.js';
import { StatusError } from './status-error.js';
import { sentence, subjectOf } from './wording.js';

const HINT = 'The client may call a wrong address, or misread the answer.';

/**
 * An answer is not an operation, not a page, or not what the caller's schema takes. The message holds the
 * beginning of the answer. The code is INTERNAL. It is not retried, unless `retry.retry` says so.
 */
export class ProtocolError extends StatusError {
  /** @internal */
  static readonly kind = 'protocol';
  /** `'ProtocolError'`, also in code whose class names were shortened. */
  override readonly name: string = 'ProtocolError';
  override readonly kind = 'protocol';
  /** What is wrong with the answer, as a clause: `is not an operation`. */
  readonly problem: string;
  /** The answer as it came. */
  readonly answer: unknown;

  /** @param options - The answer, and what is wrong with it. */
  constructor(options: {
    /** What is wrong with the answer, as a clause: `is not an operation`. */
    readonly problem: string;
    /** The answer as it came. */
    readonly answer: unknown;
    /** The method that was called. Default `'get'`. */
    readonly method?: Method | 'start' | undefined;
    /** The name of the operation, or of the parent for a list. */
    readonly operationName?: string | undefined;
    /** The last known snapshot of the operation. */
    readonly operation?: Operation | undefined;
    /** The cause, for `cause`. */
    readonly cause?: unknown;
  }) {
    const name = options.operationName ?? options.operation?.name;
    const message = `${subjectOf(options.method, name)}: the answer ${sentence(options.problem)} ${HINT} It begins: ${excerptOf(options.answer)}`;
    super(message, { ...options, status: { code: Code.INTERNAL, message, details: [] } });
    this.problem = options.problem;
    this.answer = options.answer;
  }
}

function excerptOf(answer: unknown): string {
  const text =
    typeof answer === 'string' ? answer : (JSON.stringify(toJsonValue(answer)) ?? typeof answer);
  return text.replace(/^(.{200}).+/s, '$1…').replace(/\p{Cc}+/gu, ' ');
}
