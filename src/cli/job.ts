import type { OperationsClient } from '../core/client.js';
import { toNumber } from '../core/values/number.js';
import { jobClient } from '../clients/job/job-client.js';
import type { JobState } from '../clients/job/job.js';
import { valueAt, type Pointer } from './pointer.js';

/** What is looked for in a job: `/state=succeeded`, or `/result` for any value but null. */
export interface Condition {
  /** As it was given. */
  readonly text: string;
  readonly pointer: Pointer;
  /** The value; undefined for any but null. */
  readonly value: string | undefined;
}

/** How the state of a job is read out of JSON. */
export interface JobRules {
  /** Any of them says that the job succeeded. */
  readonly doneWhen: readonly Condition[];
  /** Any of them says that the job failed, whatever the others say. */
  readonly failedWhen: readonly Condition[];
  /** Where the percentage is. */
  readonly progress: Pointer | undefined;
}

/** Tells what a job is, in the terms of an operation. */
export function jobState(job: unknown, rules: JobRules): JobState {
  const failure = rules.failedWhen.find((condition) => holds(job, condition));
  const isDone = failure !== undefined || rules.doneWhen.some((condition) => holds(job, condition));
  const percent = rules.progress && valueAt(job, rules.progress);
  return {
    done: isDone,
    response: isDone ? job : undefined,
    error: failure && `The answer has ${failure.text}.`,
    metadata: percent === undefined ? undefined : { progressPercent: percent },
  };
}

/**
 * Makes a client of jobs of one that gets them. It has neither list nor cancel, as job APIs differ in these.
 *
 * @param note - Is told once where the rules point at nothing: a wrong pointer would be waited for without end. So it is
 * where the progress is not a number.
 */
export function jobsOf(
  client: OperationsClient,
  rules: JobRules,
  note: (text: string) => void,
): OperationsClient {
  const noted = new Set<string>();
  const noteOnce = (text: string | undefined): void => {
    if (text === undefined || noted.has(text)) return;
    noted.add(text);
    note(text);
  };
  return jobClient({
    get: (name, options) => client.get({ name }, options) as PromiseLike<unknown>,
    toOperation: (job) => {
      const missing = missingIn(job, rules);
      noteOnce(missing && `The answer has nothing at ${missing}.`);
      noteOnce(flawOfProgress(job, rules));
      return jobState(job, rules);
    },
  });
}

/** Where the conditions point, if there is nothing at any of these places. */
export function missingIn(job: unknown, { doneWhen, failedWhen }: JobRules): string | undefined {
  const conditions = [...doneWhen, ...failedWhen];
  if (conditions.some(({ pointer }) => valueAt(job, pointer) !== undefined)) return undefined;
  const places = conditions.map(({ text, value }) =>
    value === undefined ? text : text.slice(0, text.indexOf('=')),
  );
  return [...new Set(places)].join(' or ');
}

/** Says that the progress is not a number, where it is something else. */
export function flawOfProgress(job: unknown, { progress }: JobRules): string | undefined {
  const found = progress && valueAt(job, progress);
  const isRead = found == null || toNumber(found) !== undefined;
  return isRead ? undefined : 'What --progress points at is not a number, and is not shown.';
}

function holds(job: unknown, { pointer, value }: Condition): boolean {
  const found = valueAt(job, pointer);
  if (value === undefined) return found != null;
  return (typeof found === 'string' ? found : JSON.stringify(found)) === value;
}
