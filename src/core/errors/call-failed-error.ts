import type { Method } from '../client.js';
import type { Operation } from '../operation.js';
import type { Status } from '../status/status.js';
import { StatusError } from './status-error.js';
import { describeStatus, hintFor, plainUrl, subjectOf } from './wording.js';

/**
 * A call failed and was given up: its code is not one that is retried, or all tries failed. It says nothing
 * about the operation, which may still be running. `cause` is what the client threw.
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
  /** The URL that was called, without credentials, query and fragment. Undefined where it is not known. */
  readonly url: string | undefined;

  /** @param options - The call, and how it failed. */
  constructor(options: {
    /** How it failed. */
    readonly status: Status;
    /** The method that was called; `'start'` is the call that starts the operation. */
    readonly method: Method | 'start';
    /** The name of the operation, or of the parent for a list. */
    readonly operationName?: string | undefined;
    /** How many times it was tried. Default 1. */
    readonly attempts?: number | undefined;
    /** The URL that was called. What may be secret in it is left out. */
    readonly url?: string | undefined;
    /** The last known snapshot of the operation. */
    readonly operation?: Operation | undefined;
    /** The cause, for `cause`. */
    readonly cause?: unknown;
  }) {
    const { method, status, attempts = 1 } = options;
    const name = options.operationName ?? options.operation?.name;
    const url = options.url && plainUrl(options.url);
    const place = url ? ` to ${url}` : '';
    const tries = attempts === 1 ? '' : `, tried ${attempts} times`;
    const subject = method === 'start' && !name ? 'The' : `${subjectOf(method, name)}: the`;
    super(
      `${subject} ${method} call${place} failed${tries}: ${describeStatus(status)} ${hintFor(status, method)}`,
      options,
    );
    this.method = method;
    this.attempts = attempts;
    this.url = url || undefined;
  }
}
