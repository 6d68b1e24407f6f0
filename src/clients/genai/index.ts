export { genaiClient } from './genai-client.js';
export type {
  GenaiClient,
  GenaiOperation,
  GenaiOperationClass,
  GenaiOperations,
} from './genai-client.js';
export type { CallableClient } from '../../core/client.js';
