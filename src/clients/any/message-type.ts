/**
 * A message type of protobufjs (reflected or generated) or of ts-proto: whatever has `decode`.
 *
 * @typeParam Message - What it decodes to.
 */
export interface MessageType<Message> {
  /** Decodes a serialized message. */
  decode(bytes: Uint8Array): Message;
  /** Makes a message of ProtoJSON; ts-proto has it. */
  readonly fromJSON?: unknown;
  /** Makes a message of plain fields; protobufjs has it. */
  readonly fromObject?: unknown;
  /** The full name of the type, as ts-proto has it. */
  readonly $type?: unknown;
  /** The full name of the type, as reflected types of protobufjs have it. */
  readonly fullName?: unknown;
  /** Gives the type URL; generated classes of protobufjs have it. */
  readonly getTypeUrl?: ((prefix?: string) => string) | undefined;
}

/** A message descriptor of protobuf-es, such as the `…Schema` of generated code. */
export interface MessageSchema {
  /** The full name of the type. */
  readonly typeName: string;
}

/**
 * A registry of protobuf-es.
 *
 * @typeParam Schema - What it has of each type.
 */
export interface MessageRegistry<Schema> {
  /** Looks a message type up by its full name. */
  getMessage(typeName: string): Schema | undefined;
}

/** How to make values of one type. @internal */
export interface Decoding {
  /** From its bytes. */
  readonly fromBytes: (bytes: Uint8Array) => unknown;
  /** From the fields of an Any in JSON; undefined when that cannot be done. */
  readonly fromJson?: ((fields: object) => unknown) | undefined;
}

/**
 * Finds the full name of a message type of protobufjs or ts-proto.
 *
 * @returns undefined when it has none.
 * @internal
 */
export function typeNameOf(type: MessageType<unknown>): string | undefined {
  const candidates: readonly unknown[] = [type.$type, type.fullName, type.getTypeUrl?.('')];
  const name = candidates.find((each) => typeof each === 'string' && each !== '');
  // protobufjs begins a full name with a dot, and a type URL without a prefix with a slash.
  return typeof name === 'string' ? name.replace(/^[./]/, '') : undefined;
}

/** How a message type of protobufjs or ts-proto makes values. @internal */
export function decodingOf(type: MessageType<unknown>): Decoding {
  const make = type.fromJSON ?? type.fromObject;
  return {
    fromBytes: (bytes) => type.decode(bytes),
    fromJson: typeof make === 'function' ? (fields): unknown => make.call(type, fields) : undefined,
  };
}
