/** `OperationsClient` of google-gax, over gRPC or REST. */
export interface GaxOperationsClient {
  /** GetOperation. */
  getOperation(request: never, options: never): Promise<unknown>;
  /** ListOperations. */
  listOperations(request: never, options: never): Promise<unknown>;
  /** CancelOperation. */
  cancelOperation(request: never, options: never): Promise<unknown>;
  /** DeleteOperation. */
  deleteOperation(request: never, options: never): Promise<unknown>;
}

/** A generated client, such as `InstanceAdminClient` of `@google-cloud/spanner`. */
export interface GaxGeneratedClient {
  /** What it asks about its operations. */
  readonly operationsClient: GaxOperationsClient;
}

/**
 * The `Operation` of google-gax that a generated method returns.
 *
 * @typeParam Response - The message of its response.
 * @typeParam Metadata - The message of its metadata.
 */
export interface GaxOperation<Response, Metadata> {
  /** What the server said last. */
  readonly latestResponse: object;
  /** How to ask about it, and to decode what it holds. */
  readonly longrunningDescriptor: {
    /** What it is asked with. */
    readonly operationsClient: GaxOperationsClient;
    /** Decodes the bytes of a response. */
    readonly responseDecoder: unknown;
    /** Decodes the bytes of metadata. */
    readonly metadataDecoder: unknown;
  };
  /** Starts google-gax's own polling. It is not called: only its type is of use here. */
  promise(): Promise<[Response, Metadata, unknown]>;
}

/**
 * Finds the client in what `gaxClient` was given.
 *
 * @throws TypeError when there is none.
 */
export function clientIn(source: GaxOperationsClient | GaxGeneratedClient): GaxOperationsClient {
  const inner: unknown =
    typeof source === 'object' && source !== null && 'operationsClient' in source
      ? source.operationsClient
      : source;
  if (isClient(inner)) return inner;
  throw new TypeError(
    'gaxClient takes an OperationsClient of google-gax, or a generated client that has an `operationsClient`.',
  );
}

function isClient(value: unknown): value is GaxOperationsClient {
  if (typeof value !== 'object' || value === null) return false;
  return typeof Reflect.get(value, 'getOperation') === 'function';
}
