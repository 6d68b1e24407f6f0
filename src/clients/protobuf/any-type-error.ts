/** The fields of an AnyTypeError. */
export interface AnyTypeErrorOptions {
  /** The full name of the type that was expected; several are separated by commas. */
  readonly expected: string;
  /** The type URL that came; empty when there was none. */
  readonly typeUrl: string;
  /** What came, as it came. */
  readonly any: unknown;
  /** Why it could not be decoded, where the type was right. */
  readonly cause?: unknown;
}

/**
 * An `Any` does not hold what was expected: it is of another type, or cannot be decoded. `poll` and
 * `waitForDone` have it as the `cause` of a `ProtocolError`.
 *
 * @example
 * ```ts
 * import { ProtocolError, waitForDone, type OperationsClient } from 'rx-lro';
 * import { AnyTypeError, unpack } from 'rx-lro/any';
 *
 * declare const client: OperationsClient;
 * const text = unpack('library.v1.Text', (bytes) => new TextDecoder().decode(bytes));
 * try {
 *   await waitForDone(client, 'operations/1', { response: text });
 * } catch (error) {
 *   if (!(error instanceof ProtocolError && error.cause instanceof AnyTypeError)) throw error;
 *   console.log(`No Text but ${error.cause.typeUrl}:`, error.cause.any);
 * }
 * ```
 */
export class AnyTypeError extends Error {
  /** Always `'AnyTypeError'`. */
  override readonly name: string = 'AnyTypeError';
  /** The full name of the type that was expected. */
  readonly expected: string;
  /** The type URL that came; empty when there was none. */
  readonly typeUrl: string;
  /** What came, as it came. */
  readonly any: unknown;

  /** @param options - Its fields. */
  constructor({ expected, typeUrl, any, cause }: AnyTypeErrorOptions) {
    super(describe(expected, typeUrl, cause), cause === undefined ? undefined : { cause });
    this.expected = expected;
    this.typeUrl = typeUrl;
    this.any = any;
  }
}

function describe(expected: string, typeUrl: string, cause: unknown): string {
  if (cause !== undefined) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return `The Any of type ${JSON.stringify(typeUrl)} cannot be decoded as ${expected}: ${why}`;
  }
  const came = typeUrl === '' ? 'no Any at all' : `an Any of type ${JSON.stringify(typeUrl)}`;
  return `Expected an Any of type ${expected}, but received ${came}. It is in \`any\`.`;
}
