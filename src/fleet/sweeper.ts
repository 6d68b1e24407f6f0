import type { OperationsClient } from '../core/client.js';
import { failureOf } from '../core/call/failure.js';
import type { StatusError } from '../core/errors/status-error.js';
import { tell } from '../core/events.js';
import { decodePage, type OperationsPage } from '../core/list/page.js';
import { isTransient } from '../core/policy/retry.js';
import { Code } from '../core/status/code.js';
import type { EntryGroup } from './entry.js';
import type { FleetSweepEvent } from './events.js';
import { FleetCall, type CallHost } from './fleet-call.js';
import type { SweepSettings } from './options.js';
import type { Registry } from './registry.js';
import { LONGEST_RETRY, askedDelay, retryDelay } from './retry-delay.js';
import { SweepRun } from './sweep-run.js';

const MOST_PAGE_FAILURES = 5;

// What a service says that cannot list, or not in this way.
const denials: ReadonlySet<number> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.PERMISSION_DENIED,
  Code.FAILED_PRECONDITION,
  Code.UNIMPLEMENTED,
]);

/**
 * Makes the calls of sweeps, and judges what came of each: whether it goes on, is tried again, or has its
 * names asked about one by one.
 *
 * @internal
 */
export class Sweeper {
  readonly #host: CallHost;
  readonly #client: OperationsClient;
  readonly #registry: Registry;

  constructor(host: CallHost, client: OperationsClient, registry: Registry) {
    this.#host = host;
    this.#client = client;
    this.#registry = registry;
  }

  /** Asks for the next page of a group, or for the first one of a new sweep. */
  callPage(group: EntryGroup, now: number): void {
    const { sweep } = group;
    if (sweep === undefined) return;
    const list = this.#client.list?.bind(this.#client);
    if (list === undefined) return this.#denied(group, sweep, missingList(sweep));
    const number = this.#registry.nextNumber();
    const run = group.run ?? new SweepRun(sweep, now, number);
    if (group.run === undefined) group.begin(run);
    const { request } = run;
    const call = new FleetCall<OperationsPage>(this.#host, {
      method: 'list',
      name: sweep.parent,
      start: (options) => list(request, options),
      read: (answer) => decodePage(answer, sweep.parent),
      onAnswer: (page) => {
        run.call = undefined;
        this.#readPage(group, sweep, run, page, number);
      },
      onFailed: (_, error) => {
        run.call = undefined;
        this.#pageFailed(group, sweep, run, error);
      },
    });
    run.ask(call, now);
    call.begin();
  }

  /** Gives up a page that takes too long, so that others have its place. */
  giveUpPage(group: EntryGroup): void {
    const message =
      'The page took too long, and other calls were to be made: a smaller `pageSize` or more `callsInFlight` may help';
    group.run?.call?.fail({ code: Code.DEADLINE_EXCEEDED, message, details: [] });
  }

  /** Ends the sweep of a group that nobody waits for any more. */
  drop(group: EntryGroup, now: number): void {
    const { run } = group;
    if (run === undefined) return;
    // Who waited may have left because of it: so the next ones are to get by without.
    if (now >= group.pageSlowAt) group.plan.pageFailures += 1;
    group.run = undefined;
    run.call?.stop();
  }

  #readPage(
    group: EntryGroup,
    sweep: SweepSettings,
    run: SweepRun,
    page: OperationsPage,
    number: number,
  ): void {
    const end = run.turn(page);
    const now = this.#host.settings.scheduler.now();
    group.plan.pageFailures = 0;
    const outcome =
      end ?? (run.isTooLong(group.names, group.expectedPages(now)) ? 'too-long' : undefined);
    // Those who are told may all leave, and a sweep that has ended is not given up for that.
    if (outcome !== undefined) group.run = undefined;
    for (const operation of page.operations) {
      if (this.#registry.shown(group, operation, number, run.number)) run.shown += 1;
    }
    if (outcome !== undefined) this.#end(group, sweep, run, outcome);
  }

  #pageFailed(group: EntryGroup, sweep: SweepSettings, run: SweepRun, error: StatusError): void {
    if (group.run !== run) return;
    if (run.pages === 0 && denials.has(error.code)) {
      group.run = undefined;
      return this.#denied(group, sweep, error);
    }
    const failures = (group.plan.pageFailures += 1);
    const asked = askedDelay(error);
    if (isTransient(error) && failures < MOST_PAGE_FAILURES && asked <= LONGEST_RETRY) {
      run.retryAt = this.#host.settings.scheduler.now() + retryDelay(error, failures);
    } else {
      this.#end(group, sweep, run, 'failed', { error, asked });
    }
  }

  #end(
    group: EntryGroup,
    sweep: SweepSettings,
    run: SweepRun,
    outcome: FleetSweepEvent['outcome'],
    failure?: { readonly error: StatusError; readonly asked: number },
  ): void {
    const { scheduler, onEvent } = this.#host.settings;
    const { pages, shown } = run;
    const time = scheduler.now();
    const isWhole = outcome === 'complete' || outcome === 'circle';
    const isPaid = isWhole && shown >= pages;
    if (group.run === run) group.run = undefined;
    const missing = isWhole ? this.#registry.missed(group, run.number, isPaid) : 0;
    const duration = time - run.begun;
    const { parent } = sweep;
    tell(onEvent, { type: 'sweep', parent, outcome, pages, shown, missing, duration, time });
    // What has gone from the list is news as well.
    if (isPaid || (isWhole && shown + missing >= pages)) return group.plan.paid(pages);
    this.#fallBack(sweep, group.plan.failed(time, duration, failure?.asked ?? 0), failure?.error);
  }

  #denied(group: EntryGroup, sweep: SweepSettings, error: StatusError): void {
    this.#fallBack(sweep, group.plan.giveUp(), error);
  }

  #fallBack({ parent }: SweepSettings, until: number, error: StatusError | undefined): void {
    const { scheduler, onEvent } = this.#host.settings;
    const time = scheduler.now();
    const because = error === undefined ? {} : { error };
    tell(onEvent, { type: 'fallback', parent, ...because, until, time });
  }
}

function missingList({ parent }: SweepSettings): StatusError {
  const message =
    'The client has no method `list`: leave out `sweep`, or give a client that has it';
  const status = { code: Code.UNIMPLEMENTED, message, details: [] };
  return failureOf({ method: 'list', name: parent }, status, 1);
}
