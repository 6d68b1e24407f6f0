import { Observable, type SchedulerLike } from 'rxjs';
import type { ListOperationsRequest, Operation, OperationsClient } from 'rx-lro';

interface Running {
  readonly number: number;
  readonly name: string;
  readonly started: number;
  readonly endsAt: number;
  /** When it was last shown, or started. */
  seen: number;
}

/** Options of a service of many operations. */
export interface ListedServiceOptions {
  readonly scheduler: SchedulerLike;
  /** How long an answer is on its way, in milliseconds; what it tells is of when it was made, halfway. */
  readonly latency: number;
  /** How long it lists an operation that is done, in milliseconds. */
  readonly retention: number;
}

/**
 * A service of many operations under one parent, quick enough to be simulated for days. It remembers how
 * long each was not looked at.
 */
export class ListedService {
  readonly parent = 'projects/p';
  readonly calls = { get: 0, list: 0 };
  /** The longest time between two looks at an operation that was running, in milliseconds. */
  longestGap = 0;
  readonly #options: ListedServiceOptions;
  readonly #byName = new Map<string, Running>();
  #listed: Running[] = [];
  #count = 0;

  constructor(options: ListedServiceOptions) {
    this.#options = options;
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

  readonly client: OperationsClient = {
    get: ({ name }) => {
      this.calls.get += 1;
      return this.#answer(() => this.#show(this.#byName.get(name)!));
    },
    list: (request) => {
      this.calls.list += 1;
      return this.#answer(() => this.#page(request));
    },
  };

  #page({ pageSize = 100, pageToken }: ListOperationsRequest): object {
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
    return {
      operations: page.map((running) => this.#show(running)),
      ...(isLast ? {} : { nextPageToken: String(last.number) }),
    };
  }

  #show(running: Running): Operation {
    const { name, endsAt } = running;
    const now = this.#options.scheduler.now();
    if (running.seen < endsAt) {
      this.longestGap = Math.max(this.longestGap, now - running.seen);
      running.seen = now;
    }
    return now < endsAt ? { name, done: false } : { name, done: true, response: 'made' };
  }

  #answer<T>(make: () => T): Observable<T> {
    const { scheduler, latency } = this.#options;
    return new Observable((subscriber) => {
      let answer: T;
      const made = scheduler.schedule(() => void (answer = make()), latency / 2);
      const given = scheduler.schedule(() => {
        subscriber.next(answer);
        subscriber.complete();
      }, latency);
      return () => {
        made.unsubscribe();
        given.unsubscribe();
      };
    });
  }
}
