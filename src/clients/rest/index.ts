export { restClient } from './rest-client.js';
export type { RestClient } from './rest-client.js';
export type { RestClientOptions } from './options.js';
export type { Fetch } from '../http/send.js';
export type { HeaderContext } from '../http/credentials.js';
export type { HeaderFields, HeaderSource } from '../http/headers.js';
export type { RestPaths } from './bindings.js';
export {
  appEnginePaths,
  dnsPaths,
  drivePaths,
  speechPaths,
  veoPaths,
  videoIntelligencePaths,
} from './presets.js';
export { HttpError } from '../http/http-error.js';
export type { HttpErrorOptions } from '../http/http-error.js';
export type { CallableClient } from '../../core/client.js';
