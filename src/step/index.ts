export { newWait, withCancel } from './wait-state.js';
export type { WaitState } from './wait-state.js';
export { pollOnce } from './poll-once.js';
export type { PollOnceOptions } from './poll-once.js';
export type { PollStep } from './poll-step.js';
export { responseOf } from './verdict.js';
export type { Verdict } from './verdict.js';
