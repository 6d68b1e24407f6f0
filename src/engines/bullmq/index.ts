export { operationWaits } from './operation-waits.js';
export type { OperationWaits } from './operation-waits.js';
export type { OperationWaitsOptions } from './waits-settings.js';
export type { AddOptions } from './new-wait-data.js';
export type { AskOptions } from './poll-wait.js';
export type { KnownWait } from './known-wait.js';

export { operationWorker } from './operation-worker.js';
export type { CloseOptions, OperationWorker } from './operation-worker.js';
export type { DoneWait, OperationWorkerOptions, WaitKind } from './worker-settings.js';

export type { EngineOptions } from './engine.js';
export type { WaitsEvent } from './events.js';

export type { PollOnceOptions } from '../../step/poll-once.js';
export type { Verdict } from '../../step/verdict.js';
