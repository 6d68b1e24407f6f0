export { googleapisClient } from './googleapis-client.js';
export type { GoogleapisClientOptions, GoogleapisCollection } from './googleapis-client.js';
