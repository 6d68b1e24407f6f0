export { connectClient } from './connect-client.js';
export type {
  ConnectClient,
  ConnectClientOptions,
  ConnectHeaders,
  ConnectMethod,
  ConnectOperationsClient,
} from './connect-client.js';
export type { HeaderContext } from '../http/credentials.js';
export type { CallableClient } from '../../core/client.js';
