import { Subscription, type SchedulerAction } from 'rxjs';

/** One run of an action, at one time. */
export interface Due {
  /** Milliseconds of the virtual clock. */
  readonly time: number;
  /** Tells apart what is due at the same time: the smaller one was scheduled first. */
  readonly order: number;
  /** Runs the work. */
  readonly run: () => void;
}

/** What is due, in the order in which it will run. */
export class DueQueue {
  readonly #entries: Due[] = [];
  #nextOrder = 0;

  get size(): number {
    return this.#entries.length;
  }

  get first(): Due | undefined {
    return this.#entries[0];
  }

  add(time: number, run: () => void): Due {
    const due = { time, order: this.#nextOrder, run };
    this.#nextOrder += 1;
    this.#entries.splice(this.#placeOf(due), 0, due);
    return due;
  }

  /** @param due - One that was added and not yet removed. */
  remove(due: Due): void {
    this.#entries.splice(this.#placeOf(due), 1);
  }

  #placeOf({ time, order }: Due): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle] as Due;
      const isBefore = entry.time < time || (entry.time === time && entry.order < order);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Where an action puts itself, and what time it is there. */
export interface ActionHost {
  readonly queue: DueQueue;
  now(): number;
}

/**
 * Work on a virtual clock. As an action of RxJS does, it may be scheduled again, also by its own work;
 * the newer time takes the place of one that has not come yet.
 */
export class VirtualAction<State> extends Subscription implements SchedulerAction<State> {
  readonly #host: ActionHost;
  readonly #work: (this: SchedulerAction<State>, state?: State) => void;
  #state: State | undefined;
  #due: Due | undefined;

  constructor(host: ActionHost, work: (this: SchedulerAction<State>, state?: State) => void) {
    super();
    this.#host = host;
    this.#work = work;
  }

  schedule(state?: State, delay = 0): Subscription {
    if (this.closed) return this;
    this.#leaveQueue();
    this.#state = state;
    // What is due after an endless time is never due.
    if (delay === Infinity) return this;
    const time = this.#host.now() + (delay > 0 ? delay : 0);
    this.#due = this.#host.queue.add(time, () => this.#run());
    return this;
  }

  override unsubscribe(): void {
    this.#leaveQueue();
    super.unsubscribe();
  }

  #run(): void {
    this.#leaveQueue();
    try {
      this.#work(this.#state);
    } catch (error) {
      this.unsubscribe();
      throw error;
    }
  }

  #leaveQueue(): void {
    if (this.#due === undefined) return;
    this.#host.queue.remove(this.#due);
    this.#due = undefined;
  }
}
