import type { OperationLike } from '../operation.js';
import { toNumber } from '../values/number.js';
import { isRecord, readSafely, type Fields } from '../values/record.js';

/**
 * Tells how far an operation is, from the shapes of metadata that services use: `progressPercent`,
 * `progressPercentage`, `percentComplete`, `progress` (a number of percent, `{percentDone}`,
 * `{progressPercent}`, or a list of these), `annotationProgress`, `progressBytes` and
 * `progressDocuments` (`{completedWork, estimatedWork}`), and `stages` with work units. Only at the top
 * level of the metadata.
 *
 * @param operation - A snapshot.
 * @returns From 0 to 1; 1 for one that is done without an error; undefined where nothing is known, which
 * is not the same as 0.
 *
 * @example
 * ```ts
 * import { progressOf } from 'rx-lro';
 *
 * progressOf({ name: 'operations/1', metadata: { progressPercent: 40 } }); // 0.4
 * ```
 */
export function progressOf(operation: OperationLike): number | undefined {
  if (operation.done === true && operation.error == null) return 1;
  const { metadata } = operation;
  // A getter of a message may throw: such metadata says nothing that can be read.
  const progress = isRecord(metadata) ? readSafely(() => fromMetadata(metadata)) : undefined;
  return progress === undefined ? undefined : clamp(progress);
}

// The shapes that services of Google use, each at the top of the metadata. Nothing is searched for any
// deeper: metadata may be a whole resource, and that has percentages which are no progress. It is read
// with every answer of every wait: no list, and no function for what is not there.
function fromMetadata(metadata: Fields): number | undefined {
  return (
    hundredth(metadata['progressPercent'] ?? metadata['progress_percent']) ??
    hundredth(metadata['progressPercentage'] ?? metadata['progress_percentage']) ??
    hundredth(metadata['percentComplete'] ?? metadata['percent_complete']) ??
    hundredth(metadata['progress']) ??
    ofPart(metadata['progress']) ??
    mean(metadata['progress'], ofPart) ??
    mean(metadata['annotationProgress'] ?? metadata['annotation_progress'], ofPart) ??
    workOf(metadata['progressBytes'] ?? metadata['progress_bytes']) ??
    workOf(metadata['progressDocuments'] ?? metadata['progress_documents']) ??
    mean(metadata['stages'], workOf)
  );
}

function ofPart(part: unknown): number | undefined {
  if (!isRecord(part)) return undefined;
  const ofProgressItself = part['progressPercent'] ?? part['progress_percent'];
  return hundredth(ofProgressItself ?? part['percentDone'] ?? part['percent_done']);
}

function workOf(work: unknown): number | undefined {
  if (!isRecord(work)) return undefined;
  const whole = work['estimatedWork'] ?? work['estimated_work'] ?? work['totalWorkUnits'];
  const part = work['completedWork'] ?? work['completed_work'] ?? work['completeWorkUnits'];
  // ProtoJSON leaves out a zero.
  return ratio(part ?? 0, whole);
}

function mean(parts: unknown, read: (part: unknown) => number | undefined): number | undefined {
  if (!Array.isArray(parts)) return undefined;
  const known = parts.map(read);
  if (known.every((part) => part === undefined)) return undefined;
  return known.reduce<number>((sum, part) => sum + clamp(part ?? 0), 0) / parts.length;
}

function clamp(progress: number): number {
  return Math.min(1, Math.max(0, progress));
}

function hundredth(value: unknown): number | undefined {
  return value == null ? undefined : ratio(value, 100);
}

function ratio(part: unknown, whole: unknown): number | undefined {
  const [of, all] = [toNumber(part), toNumber(whole)];
  return of === undefined || all === undefined || all <= 0 ? undefined : of / all;
}
