import { toNumber } from '../../core/values/number.js';
import { isRecord, type Fields } from '../../core/values/record.js';

/**
 * Returns how far an operation of GKE is, from the pairs of its metrics, such as `nodes done` and `nodes total`, or
 * `progress` and `progress scale`; or else by its stages, each of the same weight.
 * Source: `OperationProgress` in the discovery document of the Kubernetes Engine API, version 1.
 *
 * @param progress - The field `progress` of an operation.
 * @returns From 0 to 1; undefined where it does not say.
 */
export function partDone(progress: unknown): number | undefined {
  if (!isRecord(progress)) return undefined;
  const own = meanOf(pairsIn(recordsIn(progress['metrics'])));
  if (own !== undefined) return own;
  const stages = recordsIn(progress['stages']).map((stage) =>
    stage['status'] === 'DONE' ? 1 : partDone(stage),
  );
  if (stages.every((part) => part === undefined)) return undefined;
  return meanOf(stages.map((part) => part ?? 0));
}

function pairsIn(metrics: readonly Fields[]): readonly number[] {
  const values = new Map(
    metrics.map(({ name, intValue, doubleValue }) => [
      String(name).toLowerCase().replaceAll('_', ' '),
      toNumber(intValue ?? doubleValue ?? 0) ?? Number.NaN,
    ]),
  );
  const parts = [...values].map(([name, value]) => {
    const whole =
      name === 'progress' ? 'progress scale' : name.replace(/\b(done|completed?)$/, 'total');
    return whole === name ? Number.NaN : value / (values.get(whole) ?? Number.NaN);
  });
  return parts.filter(Number.isFinite).map((part) => Math.min(1, Math.max(0, part)));
}

function meanOf(parts: readonly number[]): number | undefined {
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function recordsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
