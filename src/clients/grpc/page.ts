import { readOperation } from '../protobuf/operation.js';
import { isRecord } from '../../core/values/record.js';

/** Reads a ListOperationsResponse, whatever library of protobuf holds it. */
export function readPage(message: unknown): unknown {
  const fields =
    isRecord(message) && typeof message['toObject'] === 'function'
      ? (message as { toObject: () => unknown }).toObject()
      : message;
  if (!isRecord(fields)) return message;
  // google-protobuf puts `List` behind the name of a list, proto-loader may keep underscores.
  const operations = fields['operations'] ?? fields['operationsList'];
  return {
    operations: Array.isArray(operations) ? operations.map(readOperation) : operations,
    nextPageToken: fields['nextPageToken'] ?? fields['next_page_token'],
    unreachable: fields['unreachable'] ?? fields['unreachableList'],
  };
}
