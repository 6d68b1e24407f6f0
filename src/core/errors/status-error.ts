import { codeName, type CodeName } from '../status/code.js';
import type { Status } from '../status/status.js';
import type { Operation } from '../operation.js';
import { isRecord, readSafely } from '../values/record.js';
import { toJsonValue } from '../values/json.js';

// Registered, so that other copies of this package have the same symbol.
const brand = Symbol.for('rx-lro.StatusError');

/**
 * The base class of the errors that this library makes of a Status. Its subclasses tell how it came about;
 * so does `kind`. `instanceof` also knows the errors of another copy of this package, and `JSON.stringify`
 * keeps all except what may hold credentials.
 */
export abstract class StatusError extends Error {
  /**
   * How a wait or a call ended without a response, one value for each subclass:
   * `'operation-failed'`: the operation failed or was cancelled, as the server says ·
   * `'call-failed'`: a call failed and was given up ·
   * `'wait-timeout'`: the time to wait was over ·
   * `'cancel-not-confirmed'`: it was to be cancelled, and how it ended is not known ·
   * `'protocol'`: an answer was not valid.
   */
  abstract readonly kind:
    | 'operation-failed'
    | 'call-failed'
    | 'wait-timeout'
    | 'cancel-not-confirmed'
    | 'protocol';
  /** The code of the Status: usually one of `Code`, or any other number as the server sent it. */
  readonly code: number;
  /** The name of `code`; `'UNKNOWN'` for a number that google/rpc/code.proto does not list. */
  readonly codeName: CodeName;
  /** The details of the Status, as they came. */
  readonly details: readonly unknown[];
  /** The whole Status, with its own `message`. */
  readonly status: Status;
  /** The last known snapshot, from which a caller resumes. Undefined while the name is not known. */
  readonly operation: Operation | undefined;

  /**
   * @param message - Which operation, what happened, what to do next.
   * @param options - The Status, the operation and the cause.
   */
  constructor(
    message: string,
    options: {
      /** The Status of the error. */
      readonly status: Status;
      /** The last known snapshot of the operation. */
      readonly operation?: Operation | undefined;
      /** The cause, for `cause`. */
      readonly cause?: unknown;
    },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.status.code;
    this.codeName = codeName(options.status.code);
    this.details = options.status.details;
    this.status = options.status;
    this.operation = options.operation;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for the errors of other copies of this package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isStatusError(value)) return false;
    if (Object.hasOwn(this, 'kind')) return value.kind === Reflect.get(this, 'kind');
    return this === StatusError || Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /**
   * @returns All fields as JSON values, whatever they hold, and `statusMessage`, where the message of the Status
   * is another one. `errorFromJson` makes the error of it again.
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, kind, message, cause } = this;
    const all: Record<string, unknown> = { name, kind, message };
    // Inherited fields, too: an error may be the prototype of this one.
    for (const field in this) {
      // Left out: `code` and `details` are there.
      if (field !== 'status') all[field] = this[field];
    }
    if (this.status.message !== message) all['statusMessage'] = this.status.message;
    return toJsonValue({ ...all, cause }, [this]) as Readonly<Record<string, unknown>>;
  }
}

/**
 * Tells whether a value is a `StatusError`, of this copy of the package or of another one.
 *
 * @param value - Any value, such as a caught error.
 */
export function isStatusError(value: unknown): value is StatusError {
  // A proxy may throw.
  return readSafely(() => isRecord(value) && value[brand as unknown as string] === true) ?? false;
}
