export { gaxClient } from './gax-client.js';
export type { GaxClient, GaxClientOptions } from './gax-client.js';
export { gaxOperation } from './gax-operation.js';
export type { GaxOperationSource } from './gax-operation.js';
export type { GaxGeneratedClient, GaxOperation, GaxOperationsClient } from './source.js';
export type { CallableClient } from '../../core/client.js';
