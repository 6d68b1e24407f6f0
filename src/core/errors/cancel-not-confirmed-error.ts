import { Code } from '../status/code.js';
import { StatusError, type StatusErrorOptions } from './status-error.js';
import { describeStatus, nameOf, sentence } from './wording.js';

/** What a `CancelNotConfirmedError` is made of. */
export interface CancelNotConfirmedErrorOptions extends Omit<StatusErrorOptions, 'status'> {
  /** How long a confirmation was waited for, in milliseconds. */
  readonly cancelTimeout: number;
  /** The call that failed, where that is why. */
  readonly failure?: StatusError | undefined;
}

/**
 * The operation was to be cancelled, and how it ended could not be learnt: it may still run. Ask about
 * it by its name, or cancel it again. `cause` is the signal's reason.
 */
export class CancelNotConfirmedError extends StatusError {
  /** @internal */
  static readonly kind = 'cancel-not-confirmed';
  /** `'CancelNotConfirmedError'`, also in code whose class names were shortened. */
  override readonly name: string = 'CancelNotConfirmedError';
  override readonly kind = 'cancel-not-confirmed';
  /** The call that failed, where that is why; undefined when the server did not say in time. */
  readonly failure: StatusError | undefined;

  /** @param options - The cancel, and why nothing came of it. */
  constructor(options: CancelNotConfirmedErrorOptions) {
    const { failure, cancelTimeout } = options;
    const why =
      failure === undefined
        ? `the server confirmed nothing within ${cancelTimeout} ms.`
        : `a call failed: ${sentence(describeStatus(failure.status))}`;
    const message = `${nameOf(options.operation?.name)} was to be cancelled, and ${why} It may still run: ask about it by its name, or cancel it again.`;
    super(message, {
      ...options,
      status: {
        code: failure?.code ?? Code.DEADLINE_EXCEEDED,
        message,
        details: failure?.details ?? [],
      },
    });
    this.failure = failure;
  }
}
