import { wrongType } from '../../core/values/check.js';

/**
 * What goes along with the calls: a `Metadata` of `@grpc/grpc-js`, or a function that gives one. The
 * function is asked anew before each call, so its token is always fresh; it may be async.
 */
export type GrpcMetadataSource = object | (() => object | Promise<object>);

/** How `grpcClient` makes its calls. */
export interface GrpcClientOptions {
  /** What goes along with every call, such as `authorization`. Default: nothing. */
  readonly metadata?: GrpcMetadataSource | undefined;
}

/** Gives the metadata of one call; undefined for none. */
export type MetadataOfCall = () => Promise<object | undefined>;

/**
 * Reads the option `metadata`.
 *
 * @throws TypeError when it is neither metadata nor a function.
 */
export function metadataSource(source: GrpcMetadataSource | null | undefined): MetadataOfCall {
  if (typeof source !== 'function') {
    if (source != null) checkMetadata(source);
    return async () => source ?? undefined;
  }
  const give = source as () => unknown;
  return async () => {
    const given = await give();
    checkMetadata(given);
    return given;
  };
}

function checkMetadata(value: unknown): asserts value is object {
  const isObject = typeof value === 'object' && value !== null;
  // A plain object is taken for the call's options by grpc-js, and its fields would never be sent.
  if (isObject && typeof Reflect.get(value, 'getMap') === 'function') return;
  throw wrongType('metadata', value, 'a Metadata of @grpc/grpc-js, or a function that gives one');
}
