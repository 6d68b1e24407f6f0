import { Code } from '../status/code.js';
import type { Operation } from '../operation.js';
import { StatusError } from './status-error.js';
import { describeStatus, nameOf } from './wording.js';

/**
 * The operation was to be cancelled, and how it ended is not known: it may still run. Ask about it by its
 * name, or cancel it again. `cause` is the signal's reason. The code is that of the call that failed, but
 * never CANCELLED: UNKNOWN in its place, and DEADLINE_EXCEEDED when nothing was confirmed in time.
 */
export class CancelNotConfirmedError extends StatusError {
  /** @internal */
  static readonly kind = 'cancel-not-confirmed';
  /** `'CancelNotConfirmedError'`, also in code whose class names were shortened. */
  override readonly name: string = 'CancelNotConfirmedError';
  override readonly kind = 'cancel-not-confirmed';
  /** The call that failed, if that is why; undefined when the server did not answer in time. */
  readonly failure: StatusError | undefined;

  /** @param options - The cancel, and why it is not confirmed. */
  constructor(options: {
    /** How long a confirmation was waited for, in milliseconds. */
    readonly cancelTimeout: number;
    /** The call that failed, if that is why. */
    readonly failure?: StatusError | undefined;
    /** The last known snapshot of the operation. */
    readonly operation?: Operation | undefined;
    /** The cause, for `cause`. */
    readonly cause?: unknown;
  }) {
    const { failure } = options;
    const code = failure?.code ?? Code.DEADLINE_EXCEEDED;
    const message = `${nameOf(options.operation?.name)} was to be cancelled, ${stateOf(options)}`;
    super(message, {
      ...options,
      status: {
        // CANCELLED would say that the operation is cancelled, which is not known.
        code: code === Code.CANCELLED ? Code.UNKNOWN : code,
        message,
        details: failure?.details ?? [],
      },
    });
    this.failure = failure;
  }
}

function stateOf({
  operation,
  failure,
  cancelTimeout,
}: ConstructorParameters<typeof CancelNotConfirmedError>[0]): string {
  if (operation?.done === true) {
    return `and is done, but its result was still being checked after ${cancelTimeout} ms. The result is in this error's \`operation\`.`;
  }
  const why =
    failure === undefined
      ? `the server confirmed nothing within ${cancelTimeout} ms.`
      : `a call failed: ${describeStatus(failure.status)}`;
  return `and ${why} It may still run: ask about it by its name, or cancel it again.`;
}
