import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { checkNumber, checkObject, wrongType } from '../core/values/check.js';
import type { PageSettings } from './pages.js';

/** Options of a fake service. */
export interface FakeOperationsOptions {
  /** Every timer and every reading of the clock goes through it. Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
  /**
   * Where new operations are: with `projects/p/locations/l` they are called
   * `projects/p/locations/l/operations/1` and so on. Default: `operations/1` and so on.
   */
  readonly parent?: string | undefined;
  /**
   * How long an answer is on its way, in milliseconds, >= 0. The call has its effect at once, and the
   * answer tells of that moment. Default 0: answered in a microtask.
   */
  readonly latency?: number | undefined;
  /** How many operations a page has unless the request says, 1 to 1000. Default 100. */
  readonly pageSize?: number | undefined;
  /** How many empty pages come before each page of a list, >= 0; they all have a token. Default 0. */
  readonly emptyPages?: number | undefined;
  /** The places that a list cannot reach; it names them where the request has `returnPartialSuccess`. Default: none. */
  readonly unreachable?: readonly string[] | undefined;
  /**
   * Whether the service has WaitOperation. Without it `client` has no `wait`, and over the other ways a
   * call of it is UNIMPLEMENTED. Default false, as for most services.
   */
  readonly wait?: boolean | undefined;
  /** The longest that a wait call takes, in milliseconds, >= 0. Default 60,000. */
  readonly maxWait?: number | undefined;
}

/** The options with their defaults. */
export interface Settings extends PageSettings {
  readonly scheduler: SchedulerLike;
  readonly parent: string | undefined;
  readonly latency: number;
  readonly wait: boolean;
  readonly maxWait: number;
}

/**
 * Fills the options and checks them.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function resolveOptions(options: FakeOperationsOptions): Settings {
  checkObject('options', options);
  // As everywhere in this library, null means not given too.
  const parent = options.parent ?? undefined;
  const scheduler = options.scheduler ?? asyncScheduler;
  const unreachable = options.unreachable ?? [];
  const latency = options.latency ?? 0;
  const pageSize = options.pageSize ?? 100;
  const emptyPages = options.emptyPages ?? 0;
  const wait = options.wait ?? false;
  const maxWait = options.maxWait ?? 60_000;
  checkObject('scheduler', scheduler, ['now', 'schedule']);
  if (parent !== undefined) checkParent(parent);
  checkNumber('latency', latency, { min: 0 });
  checkNumber('pageSize', pageSize, { min: 1, whole: true });
  if (pageSize > 1000) {
    throw new RangeError(`Option \`pageSize\` must be from 1 to 1000; it is ${pageSize}.`);
  }
  checkNumber('emptyPages', emptyPages, { min: 0, whole: true });
  if (typeof wait !== 'boolean') throw wrongType('wait', wait, 'true or false');
  checkNumber('maxWait', maxWait, { min: 0 });
  checkList('unreachable', unreachable);
  return {
    scheduler,
    parent,
    latency,
    pageSize,
    emptyPages,
    unreachable: [...unreachable],
    wait,
    maxWait,
  };
}

function checkList(option: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrongType(option, value, 'a list');
}

function checkParent(parent: unknown): void {
  if (typeof parent !== 'string') throw wrongType('parent', parent, 'a string');
  if (parent === '' || parent.startsWith('/') || parent.endsWith('/')) {
    throw new RangeError(
      `Option \`parent\` must be a name with no \`/\` at its ends; it is ${JSON.stringify(parent)}.`,
    );
  }
}
