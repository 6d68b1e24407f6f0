export { restClient } from './rest-client.js';
export type { RestClient } from './rest-client.js';
export type { Fetch, RestClientOptions } from './options.js';
export type { HeaderContext } from '../http/credentials.js';
export type { HeaderFields, HeaderSource } from './headers.js';
export type { RestPaths } from './bindings.js';
export {
  appEnginePaths,
  dnsPaths,
  drivePaths,
  speechPaths,
  veoPaths,
  videoIntelligencePaths,
} from './presets.js';
export { HttpError } from './http-error.js';
export type { HttpErrorOptions } from './http-error.js';
export type { CallableClient } from '../../core/client.js';
