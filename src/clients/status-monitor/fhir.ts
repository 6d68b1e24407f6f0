import { Code, codeFromHttp } from '../../core/status/code.js';
import type { Status } from '../../core/status/status.js';
import { isRecord, type Fields } from '../../core/values/record.js';

// `transient` and what stands below it in the value set IssueType: http://hl7.org/fhir/valueset-issue-type.html
const transient: ReadonlyMap<unknown, Code> = new Map<unknown, Code>([
  ['transient', Code.UNAVAILABLE],
  ['lock-error', Code.ABORTED],
  ['no-store', Code.UNAVAILABLE],
  ['exception', Code.UNAVAILABLE],
  ['timeout', Code.DEADLINE_EXCEEDED],
  ['incomplete', Code.UNAVAILABLE],
  ['throttled', Code.RESOURCE_EXHAUSTED],
]);

const lasting: ReadonlyMap<unknown, Code> = new Map<unknown, Code>([
  ['invalid', Code.INVALID_ARGUMENT],
  ['structure', Code.INVALID_ARGUMENT],
  ['required', Code.INVALID_ARGUMENT],
  ['value', Code.INVALID_ARGUMENT],
  ['invariant', Code.INVALID_ARGUMENT],
  ['login', Code.UNAUTHENTICATED],
  ['unknown', Code.UNAUTHENTICATED],
  ['expired', Code.UNAUTHENTICATED],
  ['security', Code.PERMISSION_DENIED],
  ['forbidden', Code.PERMISSION_DENIED],
  ['suppressed', Code.PERMISSION_DENIED],
  ['not-supported', Code.UNIMPLEMENTED],
  ['duplicate', Code.ALREADY_EXISTS],
  ['not-found', Code.NOT_FOUND],
  ['deleted', Code.NOT_FOUND],
  ['too-long', Code.OUT_OF_RANGE],
  ['too-costly', Code.RESOURCE_EXHAUSTED],
  ['business-rule', Code.FAILED_PRECONDITION],
  ['conflict', Code.ABORTED],
]);

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
  if (failures.length < parts.length) return undefined;
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
