export { computeClient } from './compute-client.js';
export { passesByItself } from './failure.js';
export { locatorOf } from './locator.js';
export type { ComputeLocator } from './locator.js';
export { operationFromCompute } from './operation.js';
export type { ComputeOperation } from './operation.js';
export type { ComputePaths } from './paths.js';
export { cloudSqlPaths, computePaths, gkePaths } from './paths.js';
