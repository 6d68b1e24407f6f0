export { jobClient } from './job-client.js';
export type { JobClient } from './job-client.js';
export type { JobClientOptions, JobPage, JobState } from './job.js';
