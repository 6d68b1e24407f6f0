export { unpack } from './unpack.js';
export type { MessageRegistry, MessageSchema, MessageType } from './message-type.js';
export { AnyTypeError } from '../protobuf/any-type-error.js';
export type { AnyTypeErrorOptions } from '../protobuf/any-type-error.js';
