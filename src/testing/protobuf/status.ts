import type { Status } from '../../core/status/status.js';
import { anyOf, typeNameIn, type BinaryAny } from '../../clients/protobuf/any.js';
import {
  detailMessages,
  partsOf,
  type DetailField,
  type DetailMessage,
} from '../../clients/protobuf/detail-messages.js';
import { durationToMillis } from '../../core/status/duration.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { toAny } from './any.js';
import { bytesField, integerField, join, textField } from './wire-writer.js';

/** Serializes a `google.rpc.Status`, details included. */
export function encodeStatus({ code, message, details }: Status): Uint8Array {
  return join(
    integerField(1, BigInt(code)),
    textField(2, message),
    ...details.map((detail) => {
      const { typeUrl, bytes } = detailToAny(detail);
      return bytesField(3, join(textField(1, typeUrl), bytesField(2, bytes)));
    }),
  );
}

/**
 * Makes a binary Any of a detail. The ten predefined ones get the form that they have in
 * google/rpc/error_details.proto; another one in JSON becomes a `google.protobuf.Value`.
 */
export function detailToAny(detail: unknown): BinaryAny {
  const binary = anyOf(detail);
  if (binary !== undefined || !isRecord(detail)) return toAny(detail);
  const typeUrl = String(detail['@type']);
  const [, type = ''] = /^google\.rpc\.(\w+)$/.exec(typeNameIn(typeUrl)) ?? [];
  const message = detailMessages.get(type);
  if (message === undefined) return toAny(detail);
  return { typeUrl, bytes: encodeMessage(message, detail) };
}

function encodeMessage(message: DetailMessage, fields: Fields): Uint8Array {
  return join(
    ...message.flatMap((field, index) => {
      const value = fields[partsOf(field).name];
      return value === undefined || value === null ? [] : encodeField(index + 1, field, value);
    }),
  );
}

function encodeField(number: number, field: DetailField, value: unknown): readonly Uint8Array[] {
  const { kind, message } = partsOf(field);
  if (kind === '#') return [integerField(number, BigInt(String(value)))];
  if (kind === '~') return [bytesField(number, encodeDuration(value))];
  if (kind === '{}') {
    return Object.entries(value as object).map(([key, item]: [string, unknown]) =>
      bytesField(number, join(textField(1, key), textField(2, String(item)))),
    );
  }
  return (kind === '[]' ? listOf(value) : [value]).map((item) =>
    message === undefined
      ? textField(number, String(item))
      : bytesField(number, encodeMessage(message, item as Fields)),
  );
}

function encodeDuration(value: unknown): Uint8Array {
  const nanos = BigInt(Math.round((durationToMillis(value) ?? 0) * 1e6));
  return join(integerField(1, nanos / 1_000_000_000n), integerField(2, nanos % 1_000_000_000n));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
