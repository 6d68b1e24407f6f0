import { Code, codeFromHttp } from '../../core/status/code.js';
import type { Status } from '../../core/status/status.js';
import { isRecord, type Fields } from '../../core/values/record.js';

function codesOf(table: Readonly<Record<string, Code>>): ReadonlyMap<unknown, Code> {
  return new Map(
    Object.entries(table).flatMap(([issues, code]) =>
      issues.split(' ').map((issue) => [issue, code] as const),
    ),
  );
}

// `transient` and what stands below it in the value set IssueType: http://hl7.org/fhir/valueset-issue-type.html
const transient = codesOf({
  'transient no-store exception incomplete': Code.UNAVAILABLE,
  'lock-error': Code.ABORTED,
  timeout: Code.DEADLINE_EXCEEDED,
  throttled: Code.RESOURCE_EXHAUSTED,
});

const lasting = codesOf({
  'invalid structure required value invariant': Code.INVALID_ARGUMENT,
  'login unknown expired': Code.UNAUTHENTICATED,
  'security forbidden suppressed': Code.PERMISSION_DENIED,
  'not-supported': Code.UNIMPLEMENTED,
  duplicate: Code.ALREADY_EXISTS,
  'not-found deleted': Code.NOT_FOUND,
  'too-long': Code.OUT_OF_RANGE,
  'too-costly': Code.RESOURCE_EXHAUSTED,
  'business-rule': Code.FAILED_PRECONDITION,
  conflict: Code.ABORTED,
});

/** Tells whether a document is an OperationOutcome. @internal */
export function isOutcome(document: unknown): document is Fields {
  return isRecord(document) && document['resourceType'] === 'OperationOutcome';
}

/** Tells whether an OperationOutcome says anything. @internal */
export function hasIssue(outcome: Fields): boolean {
  return issuesOf(outcome).length > 0;
}

/**
 * The code for an OperationOutcome that means that only this request failed; undefined where the job has failed.
 *
 * @internal
 */
export function transientCode(outcome: Fields): Code | undefined {
  return issuesOf(outcome)
    .map(({ code }) => transient.get(code))
    .find((code) => code !== undefined);
}

/**
 * Reads the answer of a job that is done.
 *
 * @returns `failed` for an OperationOutcome with an error, and for a Bundle of nothing else; undefined for what is no
 * resource of FHIR.
 */
export function outcomeOf(document: unknown): 'failed' | 'succeeded' | undefined {
  if (!isRecord(document) || typeof document['resourceType'] !== 'string') return undefined;
  const failures = failuresIn(document);
  return failures === undefined ? 'succeeded' : 'failed';
}

/**
 * Writes what has failed as a Status, with the OperationOutcomes as its details.
 *
 * @param http - The HTTP status, where that is what says that it has failed.
 * @internal
 */
export function statusOfOutcome(document: Fields, http?: number): Status {
  const { outcomes, http: inner } = failuresIn(document) ?? {
    outcomes: [document],
    http: undefined,
  };
  const [issue = {}] = outcomes.flatMap(issuesOf);
  const { code, diagnostics, details } = issue;
  const { text } = isRecord(details) ? details : {};
  const message = [diagnostics, text, code].find((each) => typeof each === 'string' && each !== '');
  const status = http ?? inner;
  return {
    code:
      lasting.get(code) ??
      transient.get(code) ??
      ((status === undefined ? Code.OK : codeFromHttp(status)) || Code.UNKNOWN),
    message: String(message ?? 'The job has failed.'),
    details: outcomes,
  };
}

/**
 * Reads the OperationOutcome of a call that has failed. Its code is that of the HTTP status.
 *
 * @returns undefined where there is none that says anything.
 */
export function statusOfCall(document: unknown, http: number): Status | undefined {
  if (!isOutcome(document) || !hasIssue(document)) return undefined;
  return { ...statusOfOutcome(document, http), code: codeFromHttp(http) };
}

/** What has failed, and the HTTP status that says so. */
interface Failures {
  readonly outcomes: readonly Fields[];
  readonly http: number | undefined;
}

// Bundles within Bundles. The answer to a batch is one level deep.
const MOST_LEVELS = 8;

/** All that has failed; undefined where something has not. */
function failuresIn(document: unknown, level = 0): Failures | undefined {
  if (isOutcome(document)) {
    return hasError(document) ? { outcomes: [document], http: undefined } : undefined;
  }
  const { resourceType, entry } = isRecord(document) ? document : {};
  const isBundle = resourceType === 'Bundle' && Array.isArray(entry) && entry.length > 0;
  if (!isBundle || level === MOST_LEVELS) return undefined;
  const parts = (entry as readonly unknown[])
    .filter(isRecord)
    .map((each) => failureOfEntry(each, level));
  const failures = parts.filter((part) => part !== undefined);
  if (parts.length === 0 || failures.length < parts.length) return undefined;
  return { outcomes: failures.flatMap(({ outcomes }) => outcomes), http: failures[0]?.http };
}

function failureOfEntry({ resource, response }: Fields, level: number): Failures | undefined {
  const { status, outcome } = isRecord(response) ? response : {};
  const http = Number.parseInt(String(status), 10);
  const found = [outcome, resource].find(isOutcome);
  if (http >= 400) return { outcomes: found === undefined ? [] : [found], http };
  // A batch is answered with success, whatever came of its parts.
  if (found === undefined) return failuresIn(resource, level + 1);
  return http >= 200 ? undefined : failuresIn(found);
}

function hasError(outcome: Fields): boolean {
  const { issue } = outcome;
  return Array.isArray(issue) && issue.some((each) => isRecord(each) && isError(each));
}

/** The issues that count: those that say error, or all where none does. */
function issuesOf({ issue }: Fields): readonly Fields[] {
  const all = Array.isArray(issue) ? issue.filter(isRecord) : [];
  const errors = all.filter(isError);
  return errors.length === 0 ? all : errors;
}

function isError({ severity }: Fields): boolean {
  return severity === 'error' || severity === 'fatal';
}
