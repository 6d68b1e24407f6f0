export { jobClient } from './job-client.js';
export type { JobClient } from './job-client.js';
export type { JobAnswer, JobClientOptions, JobPage, JobState } from './job.js';
