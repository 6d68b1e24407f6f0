import type { RestPaths } from './bindings.js';

/**
 * Cloud Speech-to-Text, version 1: `https://speech.googleapis.com`. Names are bare numbers, and a list is
 * asked for with the name `''`. There is no cancel and no delete.
 */
export const speechPaths: RestPaths = {
  get: 'v1/operations/{+name}',
  list: 'v1/operations',
  cancel: false,
  delete: false,
};

/**
 * Video Intelligence, version 1: `https://videointelligence.googleapis.com`. Names are whole, as in
 * `projects/p/locations/l/operations/1`, and a list takes `projects/p/locations/l`.
 */
export const videoIntelligencePaths: RestPaths = {
  get: 'v1/{+name}',
  list: 'v1/{+name}/operations',
  cancel: 'v1/{+name}:cancel',
  delete: 'v1/{+name}',
};

/**
 * App Engine, version 1: `https://appengine.googleapis.com`. Names are whole, as in
 * `apps/a/operations/1`, and a list takes `apps/a`. There is no cancel and no delete.
 */
export const appEnginePaths: RestPaths = {
  get: 'v1/{+name}',
  list: 'v1/{+name}/operations',
  cancel: false,
  delete: false,
};

/**
 * Cloud DNS, version 1: `https://dns.googleapis.com`. Names are
 * `projects/p/managedZones/z/operations/1`, and a list takes `projects/p/managedZones/z`. Its operations
 * are not those of AIP-151: `computeClient` of `rx-lro/compute` reads them. There is no cancel and no
 * delete.
 */
export const dnsPaths: RestPaths = {
  get: 'dns/v1/{+name}',
  list: 'dns/v1/{+name}/operations{?maxResults}',
  cancel: false,
  delete: false,
};

/**
 * Google Drive, version 3: `https://www.googleapis.com`. Names are bare. There is no list, no cancel and no
 * delete.
 */
export const drivePaths: RestPaths = {
  get: 'drive/v3/operations/{name}',
  list: false,
  cancel: false,
  delete: false,
};

/**
 * Veo on Vertex AI: `https://us-central1-aiplatform.googleapis.com`, or that of another place. Names are
 * `projects/p/locations/l/publishers/google/models/veo-3.0-generate-001/operations/1`. It is asked by
 * POST, with the name in the body. There is no list, no cancel and no delete.
 */
export const veoPaths: RestPaths = {
  get: 'POST v1/{+endpoint}:fetchPredictOperation {operationName}',
  list: false,
  cancel: false,
  delete: false,
};
