import { Code } from '../status/code.js';
import type { Operation } from '../operation.js';
import { StatusError } from './status-error.js';
import { describeStatus, mayHaveBegun, nameOf } from './wording.js';

/**
 * `timeout` was over before the operation was done. The operation goes on, as far as is known: resume by its
 * name, or cancel it. `cause` is how the last call failed, if it did; after a cancel the reason of the abort.
 * The code is DEADLINE_EXCEEDED; `kind` tells it from one of the server's.
 */
export class WaitTimeoutError extends StatusError {
  /** @internal */
  static readonly kind = 'wait-timeout';
  /** `'WaitTimeoutError'`, also in code whose class names were shortened. */
  override readonly name: string = 'WaitTimeoutError';
  override readonly kind = 'wait-timeout';
  /** How long was waited at most, in milliseconds. */
  readonly timeout: number;

  /** @param options - The wait that ended. */
  constructor(options: {
    /** How long was waited at most, in milliseconds. */
    readonly timeout: number;
    /** Whether the operation was to be cancelled by then. Default false. */
    readonly cancelRequested?: boolean | undefined;
    /** The last known snapshot of the operation. */
    readonly operation?: Operation | undefined;
    /** The cause, for `cause`. */
    readonly cause?: unknown;
  }) {
    const message = `${nameOf(options.operation?.name)} ${stateOf(options)}`;
    super(message, { ...options, status: { code: Code.DEADLINE_EXCEEDED, message, details: [] } });
    this.timeout = options.timeout;
  }
}

function stateOf({
  operation,
  timeout,
  cancelRequested,
  cause,
}: ConstructorParameters<typeof WaitTimeoutError>[0]): string {
  if (operation === undefined) {
    return `was not known after ${timeout} ms: its start was not answered. ${mayHaveBegun}`;
  }
  if (operation.done) {
    return `was done, but its result was still being checked after ${timeout} ms. The result is in this error's \`operation\`.`;
  }
  if (cancelRequested === true) {
    return `was not done after ${timeout} ms. It was to be cancelled, which is not confirmed, so it may still run: ask about it by its name.`;
  }
  return cause instanceof StatusError
    ? `was not done after ${timeout} ms, and the last call failed: ${describeStatus(cause.status)} It may still run: resume by its name, or cancel it.`
    : `was not done after ${timeout} ms. It goes on: resume by its name, or cancel it.`;
}
