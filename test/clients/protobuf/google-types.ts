import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import protobuf from 'protobufjs';

const protos = fileURLToPath(
  new URL('../../../node_modules/google-gax/build/protos', import.meta.url),
);

/** Google's own protos, reflected by protobufjs. */
export const googleRoot = new protobuf.Root();
googleRoot.resolvePath = (_origin, target) => join(protos, target);
googleRoot.loadSync([
  'google/protobuf/struct.proto',
  'google/protobuf/timestamp.proto',
  'google/protobuf/wrappers.proto',
  'google/rpc/error_details.proto',
  'google/rpc/status.proto',
  'google/longrunning/operations.proto',
]);

/** Finds a message type of Google's own protos, reflected by protobufjs. */
export function googleType(name: string): protobuf.Type {
  return googleRoot.lookupType(name);
}

/** Serializes a message with protobufjs. */
export function encode(name: string, fields: object): Uint8Array {
  const type = googleType(name);
  return type.encode(type.fromObject(fields)).finish();
}

/** Makes a binary Any with protobufjs. */
export function pack(name: string, fields: object): { typeUrl: string; value: Uint8Array } {
  return { typeUrl: `type.googleapis.com/${name}`, value: encode(name, fields) };
}
