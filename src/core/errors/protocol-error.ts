import type { Method } from '../client.js';
import { Code } from '../status/code.js';
import { StatusError, type StatusErrorOptions } from './status-error.js';
import { sentence, subjectOf } from './wording.js';

const EXCERPT_LENGTH = 200;
const ADVICE = 'Check where the client asks, and how it reads the answer.';

/** What a `ProtocolError` is made of. */
export interface ProtocolErrorOptions extends Omit<StatusErrorOptions, 'status'> {
  /** What is wrong with the answer, as a clause: `is not an operation`. */
  readonly problem: string;
  /** The answer as it came. */
  readonly answer: unknown;
  /** The method that was called. Default `'get'`. */
  readonly method?: Method | 'start' | undefined;
  /** What was asked about: the name of the operation, or of the parent for a list. */
  readonly operationName?: string | undefined;
}

/**
 * An answer made no sense: it is no operation, no page, or not what the caller's schema takes. Its
 * message holds the beginning of the answer. The code is INTERNAL. It is not tried again, unless `retry.retry` says so.
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
  constructor(options: ProtocolErrorOptions) {
    const name = options.operationName ?? options.operation?.name;
    const message = `${subjectOf(options.method, name)}: the answer ${sentence(options.problem)} ${ADVICE} It begins: ${excerptOf(options.answer)}`;
    super(message, { ...options, status: { code: Code.INTERNAL, message, details: [] } });
    this.problem = options.problem;
    this.answer = options.answer;
  }
}

function excerptOf(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : describe(answer);
  const start = text.slice(0, EXCERPT_LENGTH).replace(/\p{Cc}+/gu, ' ');
  return text.length > EXCERPT_LENGTH ? `${start}…` : start;
}

function describe(answer: unknown): string {
  try {
    return (
      JSON.stringify(answer, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ) ?? String(answer)
    );
  } catch {
    // It has a circle, nests too deep, or a getter of it throws.
    return tagOf(answer);
  }
}

function tagOf(answer: unknown): string {
  try {
    return Object.prototype.toString.call(answer);
  } catch {
    return '[unreadable]';
  }
}
