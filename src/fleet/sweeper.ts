import type { OperationsClient } from '../core/client.js';
import { failureOf } from '../core/call/failure.js';
import type { StatusError } from '../core/errors/status-error.js';
import { decodePage, type OperationsPage } from '../core/answer/page.js';
import { isTransient } from '../core/policy/retry.js';
import { wallTime } from '../core/platform/clock.js';
import { Code } from '../core/status/code.js';
import type { Answers } from './answers.js';
import type { Entries } from './entries.js';
import type { Entry, EntryGroup } from './entry.js';
import type { FleetSweepEvent } from './events.js';
import { FleetCall } from './fleet-call.js';
import type { FleetHost } from './host.js';
import { LONGEST_RETRY, askedDelay, retryDelay } from './retry-delay.js';
import { SweepRun } from './sweep-run.js';

const MOST_PAGE_FAILURES = 5;

// A list may be of a stale view. How long it may show an operation without a change before one Get decides, in
// milliseconds, and the part of all calls that these Gets may be.
const STALE = 3_600_000;
const STALE_PART = 0.1;

// What a service answers that cannot list, or not in this way.
const denials: ReadonlySet<number> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.PERMISSION_DENIED,
  Code.FAILED_PRECONDITION,
  Code.UNIMPLEMENTED,
]);

/**
 * Makes the calls of sweeps, and decides what follows each: the next page, a retry, or Gets for the names.
 *
 * @internal
 */
export class Sweeper {
  readonly #host: FleetHost;
  readonly #client: OperationsClient;
  readonly #entries: Entries;
  readonly #answers: Answers;
  /** What pages have shown without a change for too long, since the last Gets for such. */
  #stale: Entry[] = [];
  /** Up to when such Gets are accounted for, in milliseconds. */
  #staleAt = 0;

  constructor(host: FleetHost, client: OperationsClient, entries: Entries, answers: Answers) {
    this.#host = host;
    this.#client = client;
    this.#entries = entries;
    this.#answers = answers;
  }

  /** Requests the next page of a group, or the first one of a new sweep. */
  callPage(group: EntryGroup, now: number): void {
    const { plan } = group;
    if (plan === undefined) return;
    const { parent } = plan.sweep;
    const list = this.#client.list?.bind(this.#client);
    if (list === undefined) return this.#giveUp(group, parent, missingList(parent));
    const number = this.#host.nextNumber();
    if (group.run === undefined) plan.begin(now);
    const run = (group.run ??= new SweepRun(plan, now, number));
    const { request } = run;
    run.askedAt = now;
    run.call = new FleetCall<OperationsPage>(this.#host, {
      method: 'list',
      name: parent,
      start: (options) => list(request, options),
      read: (answer) => decodePage(answer, parent),
      onAnswer: (page) => {
        run.call = undefined;
        this.#readPage(group, run, page, number);
      },
      onFailed: (_, error) => {
        run.call = undefined;
        this.#pageFailed(group, run, error);
      },
    });
    run.call.begin();
  }

  /** Gives up a page that takes too long, so that others have its place. */
  giveUpPage(group: EntryGroup): void {
    const message =
      'The page took too long, and other calls were due: a smaller `pageSize` or more `callsInFlight` may help';
    group.run?.call?.fail({ code: Code.DEADLINE_EXCEEDED, message, details: [] });
  }

  /** Ends the sweep of a group that no wait needs any more. */
  drop(group: EntryGroup, now: number): void {
    const { run } = group;
    if (run === undefined) return;
    // A slow page may be why they left: then the next ones must not wait for it.
    if (now >= group.pageSlowAt) run.plan.pageFailures += 1;
    group.run = undefined;
    run.call?.stop();
  }

  #readPage(group: EntryGroup, run: SweepRun, page: OperationsPage, number: number): void {
    const end = run.turn(page);
    run.plan.pageFailures = 0;
    const isTooLong = run.isTooLong(group.entries.size, group.names, this.#host.now);
    const outcome = end ?? (isTooLong ? 'too-long' : undefined);
    // Those who are told may all leave, and a sweep that has ended is not given up for that.
    if (outcome !== undefined) group.run = undefined;
    for (const operation of page.operations) {
      const entry = this.#entries.findListed(operation.name);
      if (entry === undefined) continue;
      if (entry.home === group) {
        if (entry.newest < run.number) run.shown += 1;
        this.#entries.shown(entry);
      }
      this.#answers.answered(entry, operation, number);
      if (entry.checkedAt + STALE <= this.#host.now) this.#stale.push(entry);
    }
    this.#getStale();
    if (outcome !== undefined) this.#end(group, run, outcome);
  }

  #getStale(): void {
    const { now, settings } = this.#host;
    const spacing = 1000 / (STALE_PART * settings.limits.callsPerSecond);
    const elapsed = now - this.#staleAt;
    const count = Math.floor(elapsed / spacing);
    if (count === 0) return;
    const stale = this.#stale.toSorted((a, b) => a.checkedAt - b.checkedAt).slice(0, count);
    this.#stale = [];
    this.#staleAt = now - (elapsed % spacing);
    for (const entry of stale) {
      if (entry.isWatched && entry.call === undefined) this.#entries.getNext(entry);
    }
  }

  #pageFailed(group: EntryGroup, run: SweepRun, error: StatusError): void {
    if (group.run !== run) return;
    const failures = (run.plan.pageFailures += 1);
    const asked = askedDelay(error);
    const isDenied = run.pages === 0 && denials.has(error.code);
    const mayRetry = failures < MOST_PAGE_FAILURES && asked <= LONGEST_RETRY;
    if (!isDenied && isTransient(error) && mayRetry) {
      run.retryAt = this.#host.now + retryDelay(error, failures);
      return;
    }
    group.run = undefined;
    if (isDenied) this.#giveUp(group, run.request.name, error);
    else this.#end(group, run, 'failed', { error, asked });
  }

  #end(
    group: EntryGroup,
    run: SweepRun,
    outcome: FleetSweepEvent['outcome'],
    failure?: { readonly error: StatusError; readonly asked: number },
  ): void {
    const { pages, shown, plan } = run;
    const { parent } = plan.sweep;
    const { now } = this.#host;
    const isWhole = outcome === 'complete' || outcome === 'circle';
    const isPaid = isWhole && shown >= pages;
    const missing = isWhole ? this.#entries.missed(group, run.number, isPaid) : 0;
    const duration = now - run.begun;
    this.#host.tell({ type: 'sweep', parent, outcome, pages, shown, missing, duration });
    // What has gone from the list has changed as well.
    if (isPaid || (isWhole && shown + missing >= pages)) return plan.paid(pages);
    this.#fallBack(parent, plan.failed(now, duration, failure?.asked ?? 0), failure?.error);
  }

  /** Makes no more sweeps of a group. */
  #giveUp(group: EntryGroup, parent: string, error: StatusError): void {
    group.plan = undefined;
    this.#fallBack(parent, Infinity, error);
  }

  /** @param pause - Until sweeps are made again, in milliseconds. */
  #fallBack(parent: string, pause: number, error: StatusError | undefined): void {
    const until = wallTime(this.#host.settings.scheduler) + pause;
    this.#host.tell({ type: 'fallback', parent, ...(error && { error }), until });
  }
}

function missingList(parent: string): StatusError {
  const message =
    'The client has no method `list`: leave out `sweep`, or give a client that has it';
  const status = { code: Code.UNIMPLEMENTED, message, details: [] };
  return failureOf({ method: 'list', name: parent }, status, 1);
}
