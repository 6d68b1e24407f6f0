import type { Status } from '../core/status/status.js';

/** One step of an operation's life. The last step with a response, an error or `done: true` ends it. */
export interface OperationStep {
  /** How long after the step before, or after the start, in milliseconds, >= 0. */
  readonly after: number;
  /** The metadata from here on. Default: as before. */
  readonly metadata?: unknown;
  /** Ends the operation with this response. Default: none. */
  readonly response?: unknown;
  /** Ends the operation with this error; `code` is UNKNOWN unless given. Default: none. */
  readonly error?: Partial<Status> | undefined;
  /** As `pollAfter` of the script, from here on; 0 ends it. Default: as before. */
  readonly pollAfter?: number | string | undefined;
  /** Ends the operation; needed only where it has neither a response nor an error. */
  readonly done?: boolean | undefined;
}

/**
 * What happens to an operation: in `steps`, or, in the simple form, by `duration` with a `response`, an
 * `error` and `progress`. One with neither never ends.
 */
export interface OperationScript {
  /** Its name. Default: `operations/1` and so on, beneath the `parent` of the service. */
  readonly name?: string | undefined;
  /** The metadata at the start. Default: none. */
  readonly metadata?: unknown;
  /** The steps, in order. Default: none. */
  readonly steps?: readonly OperationStep[] | undefined;
  /** When it is done, in milliseconds after the start, >= 0. Default: 0 with a response or an error, else never. */
  readonly duration?: number | undefined;
  /** The response once it is done. Default: none. */
  readonly response?: unknown;
  /** The error once it is done; `code` is UNKNOWN unless given. Default: none. */
  readonly error?: Partial<Status> | undefined;
  /** Whether `metadata.progressPercent` grows from 0 to 100 over `duration`, in ten even steps. Default false. */
  readonly progress?: boolean | undefined;
  /**
   * When the service wants to be asked next, while the operation is not done: milliseconds, >= 0, or the text
   * of a `Retry-After` header. `client` answers with it as `pollAfter`; over HTTP it is that header, in whole
   * seconds. gRPC and Connect do not carry it. Default: absent.
   */
  readonly pollAfter?: number | string | undefined;
  /**
   * What a cancel does: `'honour'` ends the operation with CANCELLED after `cancelAfter`, unless it is
   * done before; `'ignore'` accepts it, and nothing happens; `'refuse'` fails with UNIMPLEMENTED.
   * Default `'honour'`.
   */
  readonly onCancel?: 'honour' | 'ignore' | 'refuse' | undefined;
  /** How long after the cancel it ends, in milliseconds, >= 0. Default 0. */
  readonly cancelAfter?: number | undefined;
  /** How long after the start the service answers NOT_FOUND, in milliseconds, >= 0. Default 0. */
  readonly hiddenFor?: number | undefined;
}

/** Tells whether a response or an error ends an operation. */
export function endsIt({ response, error }: Pick<OperationStep, 'response' | 'error'>): boolean {
  return response !== undefined || error !== undefined;
}
