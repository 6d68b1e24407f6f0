import { Observable, type SchedulerLike } from 'rxjs';
import type { ListOperationsRequest, Method, Operation, OperationsClient } from 'rx-lro';

interface Running {
  readonly number: number;
  readonly name: string;
  readonly started: number;
  endsAt: number;
  /** When it was last shown, or started. */
  seen: number;
}

/** Options of a service of many operations. */
export interface ListedServiceOptions {
  readonly scheduler: SchedulerLike;
  /** How long an answer is on its way, in milliseconds; what it tells is of when it was made, halfway. */
  readonly latency?: number;
  /** How long it lists an operation that is done, in milliseconds. Default: for good. */
  readonly retention?: number;
  /** What its names begin with. Default `projects/p`. */
  readonly parent?: string;
  /** Whether it tells how far an operation is, in whole percent. */
  readonly hasProgress?: boolean;
}

/** A call that was made. */
export interface ServiceCall {
  readonly method: Method;
  readonly name: string;
  readonly time: number;
}

/**
 * A service of many operations under one parent, quick enough to be simulated for days: it answers with
 * Observables on its scheduler. It remembers for how long each was not looked at.
 */
export class ListedService {
  readonly parent: string;
  /** How many calls were made. */
  readonly counts = { get: 0, list: 0, cancel: 0 };
  /** The calls, while they are to be kept. */
  calls: ServiceCall[] | undefined;
  inFlight = 0;
  mostInFlight = 0;
  /** The longest time between two looks at an operation that was running, in milliseconds. */
  longestGap = 0;
  /** Names that no list shows. */
  readonly unlisted = new Set<string>();
  /** Names that lists show as running for ever. */
  readonly stale = new Set<string>();
  /** What a call fails with, or undefined. */
  fault: (call: ServiceCall) => unknown = () => undefined;
  readonly #options: Required<Omit<ListedServiceOptions, 'parent'>>;
  readonly #byName = new Map<string, Running>();
  #listed: Running[] = [];
  #count = 0;

  constructor({ parent = 'projects/p', ...options }: ListedServiceOptions) {
    this.parent = parent;
    this.#options = { latency: 50, retention: Infinity, hasProgress: false, ...options };
  }

  /** Starts an operation, and gives its name. */
  start(duration: number): string {
    this.#count += 1;
    const name = `${this.parent}/operations/${this.#count}`;
    const started = this.#options.scheduler.now();
    const running = {
      number: this.#count,
      name,
      started,
      endsAt: started + duration,
      seen: started,
    };
    this.#byName.set(name, running);
    this.#listed.push(running);
    return name;
  }

  /** When an operation ends, in milliseconds. */
  endOf(name: string): number {
    return this.#byName.get(name)?.endsAt ?? Number.NaN;
  }

  /** Keeps the calls from now on. */
  record(): ServiceCall[] {
    this.calls = [];
    return this.calls;
  }

  readonly client: OperationsClient = {
    get: ({ name }) => this.#answer('get', name, () => this.#show(this.#byName.get(name)!)),
    list: (request) => this.#answer('list', request.name, () => this.#page(request)),
    cancel: ({ name }) =>
      this.#answer('cancel', name, () => {
        this.#byName.get(name)!.endsAt = this.#options.scheduler.now();
        return {};
      }),
  };

  #page({ pageSize = 100, pageToken, filter }: ListOperationsRequest): object {
    const now = this.#options.scheduler.now();
    if (pageToken === undefined) {
      const kept = now - this.#options.retention;
      this.#listed = this.#listed.filter(({ endsAt }) => endsAt > kept);
    }
    // By what came last: what has gone from the list meanwhile moves no other.
    const after = pageToken === undefined ? 0 : Number(pageToken);
    const from = this.#listed.findIndex(({ number }) => number > after);
    const page = from < 0 ? [] : this.#listed.slice(from, from + pageSize);
    const last = page.at(-1);
    const isLast = last === undefined || last === this.#listed.at(-1);
    const shown = page.filter(
      ({ name, endsAt }) =>
        !this.unlisted.has(name) &&
        (filter !== 'done=false' || this.#options.scheduler.now() < endsAt),
    );
    return {
      operations: shown.map((running) =>
        this.stale.has(running.name) ? { name: running.name, done: false } : this.#show(running),
      ),
      ...(isLast ? {} : { nextPageToken: String(last.number) }),
    };
  }

  #show(running: Running): Operation {
    const { name, started, endsAt } = running;
    const now = this.#options.scheduler.now();
    if (running.seen < endsAt) {
      this.longestGap = Math.max(this.longestGap, now - running.seen);
      running.seen = now;
    }
    if (now >= endsAt) return { name, done: true, response: 'made' };
    if (!this.#options.hasProgress) return { name, done: false };
    const progressPercent = Math.floor((100 * (now - started)) / (endsAt - started));
    return { name, done: false, metadata: { progressPercent } };
  }

  #answer<T>(method: 'get' | 'list' | 'cancel', name: string, make: () => T): Observable<T> {
    const { scheduler, latency } = this.#options;
    return new Observable((subscriber) => {
      const call = { method, name, time: scheduler.now() };
      this.counts[method] += 1;
      this.calls?.push(call);
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      let give: () => void;
      const made = scheduler.schedule(() => {
        const error = this.fault(call);
        if (error !== undefined) {
          give = () => subscriber.error(error);
          return;
        }
        const answer = make();
        give = () => {
          subscriber.next(answer);
          subscriber.complete();
        };
      }, latency / 2);
      const given = scheduler.schedule(() => give(), latency);
      return () => {
        this.inFlight -= 1;
        made.unsubscribe();
        given.unsubscribe();
      };
    });
  }
}
