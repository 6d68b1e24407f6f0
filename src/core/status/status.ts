/**
 * Why something failed, in the words of the server: a `google.rpc.Status`.
 *
 * Source: google/rpc/status.proto.
 */
export interface Status {
  /** A code of `google.rpc.Code`, or a number that it does not list, as the server sent it. */
  readonly code: number;
  /** For developers, usually in English; the empty string when there is none. */
  readonly message: string;
  /**
   * What else the server says: usually `Any` messages, kept as they came, the unknown ones too.
   * `findDetail` picks one out by its type.
   */
  readonly details: readonly unknown[];
}
