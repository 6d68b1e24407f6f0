import { Code } from '../status/code.js';
import { StatusError, type StatusErrorOptions } from './status-error.js';
import { nameOf } from './wording.js';

/** What a `WaitTimeoutError` is made of. */
export interface WaitTimeoutErrorOptions extends Omit<StatusErrorOptions, 'status'> {
  /** How long it was to be waited, in milliseconds. */
  readonly timeout: number;
  /** Whether it was to be cancelled by then. Default false. */
  readonly cancelRequested?: boolean | undefined;
}

/**
 * The time to wait (`timeout`) was up before the operation was done. The operation goes on: resume by
 * its name, or cancel it. The code is DEADLINE_EXCEEDED; `kind` tells it from one of the server's.
 */
export class WaitTimeoutError extends StatusError {
  /** @internal */
  static readonly kind = 'wait-timeout';
  /** `'WaitTimeoutError'`, also in code whose class names were shortened. */
  override readonly name: string = 'WaitTimeoutError';
  override readonly kind = 'wait-timeout';
  /** How long it was to be waited, in milliseconds. */
  readonly timeout: number;

  /** @param options - The wait that ended. */
  constructor(options: WaitTimeoutErrorOptions) {
    const message = `${nameOf(options.operation?.name)} ${stateOf(options)}`;
    super(message, { ...options, status: { code: Code.DEADLINE_EXCEEDED, message, details: [] } });
    this.timeout = options.timeout;
  }
}

function stateOf({ operation, timeout, cancelRequested }: WaitTimeoutErrorOptions): string {
  if (operation === undefined) {
    return `was not known after ${timeout} ms: its start was not answered. It may have begun: list the operations to see.`;
  }
  if (operation.done) {
    return `was done, but what it gave was still being checked after ${timeout} ms. It is in this error's \`operation\`.`;
  }
  return cancelRequested === true
    ? `was not done after ${timeout} ms. It was to be cancelled, which is not confirmed, so it may still run: ask about it by its name.`
    : `was not done after ${timeout} ms. It goes on: resume by its name, or cancel it.`;
}
