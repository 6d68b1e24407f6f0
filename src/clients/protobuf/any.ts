import { isRecord } from '../../core/values/record.js';

/** A `google.protobuf.Any` in binary form. */
export interface BinaryAny {
  /** Names the type after its last `/`. */
  readonly typeUrl: string;
  /** The serialized message. */
  readonly bytes: Uint8Array;
}

/**
 * Reads an Any that came in binary form, as the libraries of protobuf hold it.
 *
 * @returns undefined when it is none, such as an Any in JSON.
 * @internal
 */
export function anyOf(value: unknown): BinaryAny | undefined {
  if (!isRecord(value)) return undefined;
  const typeUrl = value['typeUrl'] ?? value['type_url'];
  // In JSON, a text in `value` is the value of a wrapper type.
  const isJson = typeUrl === undefined;
  const url = isJson ? value['@type'] : typeUrl;
  if (typeof url !== 'string' || (!isJson && url === '')) return undefined;
  const bytes = bytesIn(value['value'], isJson);
  return bytes === undefined ? undefined : { typeUrl: url, bytes };
}

/** The full name of a type, by the URL of an Any. Source: the ProtoJSON guide. @internal */
export function typeNameIn(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}

function bytesIn(value: unknown, isJson: boolean): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (isJson) return undefined;
  // A message that is empty has no bytes, and many libraries leave the field out.
  if (value === undefined || value === null) return new Uint8Array();
  if (Array.isArray(value)) return Uint8Array.from(value as readonly number[]);
  if (typeof value !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
