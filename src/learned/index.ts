export { learnedBackoff } from './learned-backoff.js';
export type { LearnedBackoffOptions } from './options.js';
export type { SeenDuration } from './seen-duration.js';
export { durationHistory } from './duration-history.js';
export type { DurationHistory, DurationHistoryOptions } from './duration-history.js';
export type { DurationHistoryJson, DurationsOfKind } from './history-json.js';
