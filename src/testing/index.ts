export { VirtualTime } from './virtual-time.js';
export type { RunUntilOptions } from './virtual-time.js';
export { FakeOperations } from './fake-operations.js';
export type { FakeOperationsOptions } from './options.js';
export type { OperationScript, OperationStep } from './operation-script.js';
export type { Fault } from './fault.js';
export type { FakeCall } from './exchange.js';
export type { FakeClient } from './fake-client.js';
export type { FakeFetch } from './fetch-handler.js';
