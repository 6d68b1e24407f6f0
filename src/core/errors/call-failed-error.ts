import type { Method } from '../client.js';
import { StatusError, type StatusErrorOptions } from './status-error.js';
import { adviceFor, describeStatus, sentence, subjectOf } from './wording.js';

/** What a `CallFailedError` is made of. */
export interface CallFailedErrorOptions extends StatusErrorOptions {
  /** The method that was called; `'start'` is the call that starts the operation. */
  readonly method: Method | 'start';
  /** What was asked about: the name of the operation, or of the parent for a list. */
  readonly operationName?: string | undefined;
  /** How many times it was tried. Default 1. */
  readonly attempts?: number | undefined;
}

/**
 * A call failed and was not survived: its code is none that is tried again, or the tries are used up.
 * It says nothing about the operation, which may be running on. `cause` is what the client threw.
 */
export class CallFailedError extends StatusError {
  /** @internal */
  static readonly kind = 'call-failed';
  /** `'CallFailedError'`, also in code whose class names were shortened. */
  override readonly name: string = 'CallFailedError';
  override readonly kind = 'call-failed';
  /** The method that was called; `'start'` is the call that starts the operation. */
  readonly method: Method | 'start';
  /** How many times it was tried. */
  readonly attempts: number;

  /** @param options - The call, and how it failed. */
  constructor(options: CallFailedErrorOptions) {
    const { method, status, attempts = 1 } = options;
    const name = options.operationName ?? options.operation?.name;
    const tries = attempts === 1 ? '' : `, tried ${attempts} times`;
    super(
      `${subjectOf(method, name)}: the ${method} call failed${tries}: ${sentence(describeStatus(status))} ${adviceFor(status, method)}`,
      options,
    );
    this.method = method;
    this.attempts = attempts;
  }
}
