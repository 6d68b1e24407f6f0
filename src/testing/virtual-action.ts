import { Subscription, type SchedulerAction } from 'rxjs';

/** One run of an action, at one time. @internal */
export interface Due {
  /** Milliseconds of the virtual clock. */
  readonly time: number;
  /** Tells apart what is due at the same time: the smaller one was scheduled first. */
  readonly order: number;
  /** Runs the work. */
  readonly run: () => void;
}

/** What is due, in the order in which it will run. @internal */
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

/** What a virtual clock says, and what is due by it. @internal */
export interface Clock {
  now: number;
  /** Whether it is being moved. */
  isRunning: boolean;
  readonly queue: DueQueue;
}

type Work<State> = (this: SchedulerAction<State>, state?: State) => void;

/**
 * Makes an action: work on a virtual clock. As an action of RxJS does, it may be scheduled again, also by
 * its own work; the newer time takes the place of one that has not come yet.
 *
 * @internal
 */
export function virtualAction<State>(clock: Clock, work: Work<State>): SchedulerAction<State> {
  let due: Due | undefined;
  const leaveQueue = (): void => {
    if (due !== undefined) clock.queue.remove(due);
    due = undefined;
  };
  const schedule = (state?: State, delay = 0): Subscription => {
    if (action.closed) return action;
    leaveQueue();
    // What is due after an endless time is never due.
    if (delay === Infinity) return action;
    due = clock.queue.add(clock.now + (delay > 0 ? delay : 0), () => {
      leaveQueue();
      try {
        work.call(action, state);
      } catch (error) {
        action.unsubscribe();
        throw error;
      }
    });
    return action;
  };
  // No class: those who hold an action may hold a Proxy of it.
  const action = Object.assign(new Subscription(leaveQueue), { schedule });
  return action;
}
