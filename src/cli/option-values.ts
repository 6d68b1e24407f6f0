import { parseDuration } from './duration.js';
import type { Condition, JobRules } from './job.js';
import type { HeaderPairs } from './output.js';
import { parsePointer, type Pointer } from './pointer.js';

/** Reads `NAME: VALUE`. @throws RangeError, which never quotes it. */
export function parseHeader(field: string): HeaderPairs[number] {
  const colon = field.indexOf(':');
  const pair = [field.slice(0, colon).trim(), field.slice(colon + 1).trim()] as const;
  if (colon < 1 || pair[1] === '' || !isHeader(pair)) {
    throw new RangeError("--header takes 'NAME: VALUE', in quotes.");
  }
  return pair;
}

function isHeader([name, value]: HeaderPairs[number]): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}

/** Reads a time limit; gives milliseconds. @throws RangeError */
export function parseTimeout(text: string): number {
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  throw new RangeError('--timeout takes seconds, or a number with s, m or h: 90, 15m, 1h.');
}

/** Reads the size of a page. @throws RangeError */
export function parsePageSize(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RangeError('--page-size takes a whole number >= 1.');
}

/** The options about jobs, as they were given. */
export interface JobValues {
  readonly job?: boolean | undefined;
  readonly 'done-when'?: readonly string[] | undefined;
  readonly 'failed-when'?: readonly string[] | undefined;
  readonly progress?: string | undefined;
}

/** Reads the options about jobs; undefined without `--job`. @throws RangeError */
export function parseJob(values: JobValues): JobRules | undefined {
  const { job, progress, 'done-when': doneWhen, 'failed-when': failedWhen } = values;
  if (job !== true) {
    if ((doneWhen ?? failedWhen ?? progress) === undefined) return undefined;
    throw new RangeError('--done-when, --failed-when and --progress are only for a --job.');
  }
  if (doneWhen === undefined) {
    throw new RangeError('A --job needs --done-when, as in --done-when /state=succeeded.');
  }
  return {
    doneWhen: doneWhen.map((text) => parseCondition('--done-when', text)),
    failedWhen: (failedWhen ?? []).map((text) => parseCondition('--failed-when', text)),
    progress: progress === undefined ? undefined : pointerOf('--progress', progress),
  };
}

function parseCondition(option: string, text: string): Condition {
  const [, path = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
  return { text, pointer: pointerOf(option, path), value };
}

function pointerOf(option: string, text: string): Pointer {
  try {
    return parsePointer(text);
  } catch (error) {
    throw new RangeError(`${option}: ${(error as Error).message}.`, { cause: error });
  }
}
