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

/** A virtual clock, and what is due by it. @internal */
export class Clock {
  now: number;
  /** Whether it is being moved. */
  isRunning = false;
  /** In the order in which it will run. */
  readonly queue: Due[] = [];
  #nextOrder = 0;

  constructor(now: number) {
    this.now = now;
  }

  add(time: number, run: () => void): Due {
    const due = { time, order: this.#nextOrder, run };
    this.#nextOrder += 1;
    this.queue.splice(this.#placeOf(due), 0, due);
    return due;
  }

  /** @param due - One that was added and not yet removed. */
  remove(due: Due): void {
    this.queue.splice(this.#placeOf(due), 1);
  }

  #placeOf({ time, order }: Due): number {
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.queue[middle] as Due;
      const isBefore = entry.time < time || (entry.time === time && entry.order < order);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
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
    if (due !== undefined) clock.remove(due);
    due = undefined;
  };
  const schedule = (state?: State, delay = 0): Subscription => {
    if (action.closed) return action;
    leaveQueue();
    // What is due after an endless time is never due.
    if (delay === Infinity) return action;
    due = clock.add(clock.now + (delay > 0 ? delay : 0), () => {
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
