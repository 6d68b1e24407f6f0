import type { Operation } from '../core/operation.js';
import { isRecord } from '../core/values/record.js';

// The own type of a message comes last: that of an Any is Any.
const TYPE_FIELDS = ['@type', 'type_url', 'typeUrl', '$typeName'];

/**
 * What kind an operation is: the type of its metadata, as ProtoJSON has it (`@type`) or a message of a
 * protobuf library (`type_url`, `typeUrl`, `$typeName`).
 *
 * @returns The type's full name, without what is before it in a URL; empty where there is none.
 * @internal
 */
export function metadataType({ metadata }: Operation): string {
  if (!isRecord(metadata)) return '';
  try {
    const values = TYPE_FIELDS.map((field) => metadata[field]);
    const type = values.filter((value) => typeof value === 'string').find(Boolean) ?? '';
    return type.slice(type.lastIndexOf('/') + 1);
  } catch {
    // A getter of a message threw: such metadata says nothing that can be read.
    return '';
  }
}
