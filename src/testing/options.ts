import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { checkNumber, checkObject, wrongType } from '../core/values/check.js';
import { copyOf } from '../core/values/copy.js';

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
   * How long an answer takes, in milliseconds, >= 0. The call has its effect at once, and the answer shows
   * the state at that moment. Default 0: answered in a microtask.
   */
  readonly latency?: number | undefined;
  /** How many operations a page has unless the request says, 1 to 1000. Default 100. */
  readonly pageSize?: number | undefined;
  /** How many empty pages come before each page of a list, >= 0; they all have a token. Default 0. */
  readonly emptyPages?: number | undefined;
  /**
   * The places that a list cannot reach; a page names them if the request has `returnPartialSuccess`. Default: none.
   */
  readonly unreachable?: readonly string[] | undefined;
  /**
   * Whether the service has WaitOperation. Without it `client` has no `wait`, and a call over
   * another transport is UNIMPLEMENTED. Default false, as for most services.
   */
  readonly wait?: boolean | undefined;
  /** The longest that a wait call takes, in milliseconds, >= 0. Default 60,000. */
  readonly maxWait?: number | undefined;
}

/** The options with their defaults. */
export interface Settings extends Required<NotNull<Omit<FakeOperationsOptions, 'parent'>>> {
  readonly parent: string | undefined;
}

type NotNull<Options> = { readonly [Option in keyof Options]: NonNullable<Options[Option]> };

/**
 * Fills the options and checks them.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function resolveOptions(options: FakeOperationsOptions): Settings {
  checkObject('options', options);
  // Null means not given too, as everywhere in this library.
  const settings: Settings = {
    scheduler: options.scheduler ?? asyncScheduler,
    parent: options.parent ?? undefined,
    latency: options.latency ?? 0,
    pageSize: options.pageSize ?? 100,
    emptyPages: options.emptyPages ?? 0,
    unreachable: copyOf(options.unreachable ?? []),
    wait: options.wait ?? false,
    maxWait: options.maxWait ?? 60_000,
  };
  const { scheduler, parent, unreachable, wait } = settings;
  checkObject('scheduler', scheduler, ['now', 'schedule']);
  if (parent !== undefined) checkParent(parent);
  checkNumber('latency', settings.latency, { min: 0 });
  checkNumber('pageSize', settings.pageSize, { min: 1, max: 1000, whole: true });
  checkNumber('emptyPages', settings.emptyPages, { min: 0, whole: true });
  if (typeof wait !== 'boolean') throw wrongType('wait', wait, 'true or false');
  checkNumber('maxWait', settings.maxWait, { min: 0 });
  if (!Array.isArray(unreachable)) throw wrongType('unreachable', unreachable, 'a list');
  return settings;
}

function checkParent(parent: unknown): void {
  if (typeof parent !== 'string') throw wrongType('parent', parent, 'a string');
  if (parent === '' || parent.startsWith('/') || parent.endsWith('/')) {
    throw new RangeError(
      `Option \`parent\` must be a name with no \`/\` at its ends; it is ${JSON.stringify(parent)}.`,
    );
  }
}
