import type { SchedulerLike } from 'rxjs';
import type { Backoff } from '../core/policy/backoff.js';
import { resolveBackoff, type ResolvedBackoff } from '../core/policy/resolve-backoff.js';
import { checkFunction, checkNumber, checkObject, wrongType } from '../core/values/check.js';
import { realTime } from '../core/platform/clock.js';
import type { FleetEventListener } from './events.js';
import { mayBeOneProject, namesUnder } from './names-under.js';
import type { Limits } from './limiter.js';

/** A list that answers for many operations at once. */
export interface FleetSweep {
  /** The parent to list, such as `projects/p/locations/l`; empty for all there are. */
  readonly parent: string;
  /**
   * Which operations to list, in the service's own filter language. A filter for running operations means
   * fewer pages, and one Get for each operation that ends. Default: all.
   */
  readonly filter?: string | undefined;
  /**
   * The maximum number of operations on a page, a whole number >= 1. Larger pages mean fewer calls. A
   * service may send fewer. Default: that of the service.
   */
  readonly pageSize?: number | undefined;
  /** Whether a page may leave out places that cannot be reached. Default false. */
  readonly returnPartialSuccess?: boolean | undefined;
  /**
   * Says whether the list may show an operation, by its name. Called once for each watched name; a throw
   * means no. Default: names that begin with `parent` and a `/`, where a segment `-` of the parent stands
   * for any, and a project's id for any project's number, and the other way round. A name of another project by its
   * number costs calls in vain: the list does not show it, and a Get decides.
   */
  readonly covers?: ((name: string) => boolean) | undefined;
}

/** Options of `fleetClient`. */
export interface FleetOptions {
  /** How many calls may be made per second in the long run, > 0. Default 10. */
  readonly callsPerSecond?: number | undefined;
  /** How many calls may be made at once after a quiet time, >= 1. Default: those of one second. */
  readonly burst?: number | undefined;
  /** How many calls may be in flight at the same time, a whole number >= 1. Default 10. */
  readonly callsInFlight?: number | undefined;
  /** How long one call of the fleet may take, in milliseconds, >= 1, or Infinity. Default 60,000. */
  readonly callTimeout?: number | undefined;
  /**
   * How long to wait after an answer that said "not done", as in `poll`. When all operations together ask
   * for more calls than the limits allow, these delays are stretched by the same factor. Default: that of
   * `poll`.
   */
  readonly backoff?: Backoff | undefined;
  /**
   * Lists that may answer for many operations at once, where that is cheaper. A name belongs to the
   * first that covers it. Default: none.
   */
  readonly sweep?: FleetSweep | readonly FleetSweep[] | undefined;
  /** Called for every call, sweep, change of the rate, and fallback of the fleet. Default: none. */
  readonly onEvent?: FleetEventListener | undefined;
  /** Every timer and every reading of the clock goes through it. Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** The options with nothing left open. @internal */
export interface FleetSettings {
  readonly limits: Limits;
  readonly callTimeout: number;
  readonly backoff: ResolvedBackoff;
  readonly sweeps: readonly SweepSettings[];
  readonly onEvent: FleetEventListener | undefined;
  readonly scheduler: SchedulerLike;
}

/** A sweep with nothing left open. @internal */
export interface SweepSettings extends FleetSweep {
  readonly covers: (name: string) => boolean;
  /** Tells of names that no sweep covers whether the list may show them under another name of the project. */
  readonly mayCover?: (name: string) => boolean;
}

/**
 * Fills the options and checks them.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveFleetSettings(options: FleetOptions): FleetSettings {
  checkObject('options', options);
  const callsPerSecond = options.callsPerSecond ?? 10;
  checkNumber('callsPerSecond', callsPerSecond, { above: 0 });
  const burst = options.burst ?? Math.max(1, callsPerSecond);
  checkNumber('burst', burst, { min: 1 });
  const callsInFlight = options.callsInFlight ?? 10;
  checkNumber('callsInFlight', callsInFlight, { min: 1, whole: true });
  const callTimeout = options.callTimeout ?? 60_000;
  checkNumber('callTimeout', callTimeout, { min: 1, infinite: true });
  const onEvent = options.onEvent ?? undefined;
  if (onEvent !== undefined) checkFunction('onEvent', onEvent);
  const scheduler = options.scheduler ?? realTime;
  checkObject('scheduler', scheduler, ['now', 'schedule']);
  return {
    limits: { callsPerSecond, burst, callsInFlight },
    callTimeout,
    backoff: resolveBackoff(options.backoff),
    sweeps: [options.sweep ?? []].flat().map(resolveSweep),
    onEvent,
    scheduler,
  };
}

function resolveSweep(sweep: FleetSweep): SweepSettings {
  checkObject('sweep', sweep);
  const { parent, filter, pageSize, returnPartialSuccess, covers } = sweep;
  if (typeof parent !== 'string') throw wrongType('sweep.parent', parent, 'a string');
  if (filter != null && typeof filter !== 'string') {
    throw wrongType('sweep.filter', filter, 'a string');
  }
  if (pageSize != null) checkNumber('sweep.pageSize', pageSize, { min: 1, whole: true });
  if (covers != null) checkFunction('sweep.covers', covers);
  // Each by its name, so that inherited ones count; and a method is called on its own object.
  const mayShow = covers == null ? namesUnder(parent) : covers.bind(sweep);
  return {
    parent,
    filter,
    pageSize,
    returnPartialSuccess,
    covers: orFalse(mayShow),
    ...(covers == null && { mayCover: namesUnder(parent, mayBeOneProject) }),
  };
}

/** Takes a throw for a no: names come from the server too, and may be ones that a function does not expect. */
function orFalse(covers: (name: string) => boolean): (name: string) => boolean {
  return (name) => {
    try {
      return covers(name);
    } catch {
      return false;
    }
  };
}
