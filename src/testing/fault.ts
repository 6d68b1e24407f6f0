import type { Method } from '../core/client.js';
import type { Status } from '../core/status/status.js';
import { checkObject, checkWord } from '../core/values/check.js';
import { copyOf } from '../core/values/copy.js';
import { checkNumbers, checkStatus, checkType } from './script-check.js';

/**
 * A fault: which calls it applies to, and what happens to them. Without `status`, `answer`, `hang` and
 * `network` the call fails with UNAVAILABLE; at most one of these four may be given.
 */
export interface Fault {
  /** Only calls of this method. Default: all. */
  readonly method?: Method | undefined;
  /** Only calls about this name, of an operation or of a parent. Default: all. */
  readonly name?: string | undefined;
  /** How many calls it applies to, a whole number >= 1, or Infinity. Default 1; Infinity if `until` is given. */
  readonly times?: number | undefined;
  /** How many matching calls go through first, a whole number >= 0. Default 0. */
  readonly skip?: number | undefined;
  /** Only calls from then on, in milliseconds of the scheduler's clock. Default: from now on. */
  readonly from?: number | undefined;
  /** Only calls before then, in milliseconds of the scheduler's clock. Default: no end. */
  readonly until?: number | undefined;
  /** The call fails with this Status; `code` is UNAVAILABLE unless given. */
  readonly status?: Partial<Status> | undefined;
  /**
   * How long to wait before another try, in milliseconds, >= 0: a `google.rpc.RetryInfo` among the
   * details, and over HTTP the header `Retry-After` too, in whole seconds. With `answer` it is the `pollAfter`
   * of an operation. Default: absent.
   */
  readonly retryAfter?: number | undefined;
  /** The call is answered with this instead: any value. Over HTTP, text is sent unchanged. */
  readonly answer?: unknown;
  /** The call is never answered; it ends when it is aborted. Default false. */
  readonly hang?: boolean | undefined;
  /** The connection breaks: the call rejects as `fetch` does then, with a TypeError. Default false. */
  readonly network?: boolean | undefined;
  /**
   * The status over HTTP, 200 to 599. Default: the one that the code maps to; 200 with `answer`. If
   * neither `status` nor `answer` is given, the code is the one that this maps to. `fake.client`
   * fails if the status of an `answer` is 400 or more.
   */
  readonly httpStatus?: number | undefined;
  /** Whether the call has its effect and only its answer is lost. Default false. */
  readonly afterEffect?: boolean | undefined;
}

const kinds = ['status', 'answer', 'hang', 'network'] as const;

/**
 * Checks a fault.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function checkFault(fault: Fault): void {
  checkObject('fault', fault);
  const { method, name, times, skip, from, until, status, retryAfter, httpStatus } = fault;
  if (method !== undefined) {
    checkWord('method', method, ['get', 'list', 'cancel', 'delete', 'wait']);
  }
  checkType('name', name, 'string');
  checkNumbers({ times }, { min: 1, whole: true, infinite: true });
  checkNumbers({ skip }, { min: 0, whole: true });
  checkNumbers({ from, retryAfter }, { min: 0 });
  checkNumbers({ until }, { min: from ?? 0, infinite: true });
  if (status !== undefined) checkStatus('status', status);
  for (const option of ['hang', 'network', 'afterEffect'] as const) {
    checkType(option, fault[option], 'boolean');
  }
  checkNumbers({ httpStatus }, { min: 200, max: 599, whole: true });
  checkKind(fault);
}

function checkKind(fault: Fault): void {
  const given = kinds.filter((kind) => fault[kind] !== undefined && fault[kind] !== false);
  if (given.length > 1) {
    throw new RangeError(
      `Only one of the options ${given.map((kind) => `\`${kind}\``).join(' and ')} may be given.`,
    );
  }
  if (fault.hang !== true && fault.network !== true) return;
  const other = (['retryAfter', 'httpStatus'] as const).find(
    (option) => fault[option] !== undefined,
  );
  if (other !== undefined) {
    throw new RangeError(
      `Option \`${other}\` must not be given with \`${given[0]}\`: there is no answer.`,
    );
  }
}

/** The parts of a call by which faults are chosen. */
interface FaultSubject {
  readonly method: Method;
  readonly name: string;
  /** Milliseconds of the scheduler's clock. */
  readonly time: number;
}

/** The faults, in the order in which they were set. @internal */
export class FaultList {
  readonly #entries = new Set<{ readonly fault: Fault; skip: number; times: number }>();

  /** @returns Takes the fault away again. */
  add(fault: Fault): () => void {
    const { skip = 0, times = fault.until === undefined ? 1 : Infinity } = fault;
    const entry = { fault: copyOf(fault), skip, times };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Finds the fault that applies to a call, and counts the call. */
  take(subject: FaultSubject): Fault | undefined {
    for (const entry of this.#entries) {
      if (!meets(entry.fault, subject)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      if (entry.times === 0) this.#entries.delete(entry);
      return entry.fault;
    }
    return undefined;
  }
}

function meets(fault: Fault, { method, name, time }: FaultSubject): boolean {
  const { from = -Infinity, until = Infinity } = fault;
  return (
    (fault.method ?? method) === method &&
    (fault.name ?? name) === name &&
    time >= from &&
    time < until
  );
}
