import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { Heap } from '../../src/fleet/heap.js';

type Work = (state: unknown) => void;

/**
 * A scheduler of RxJS for long simulations: it runs one action after the other with no turn of the event
 * loop in between, so it goes only with clients that answer with Observables.
 */
export class SimulatedTime implements SchedulerLike {
  readonly #heap = new Heap<SimulatedAction>(
    (a, b) => a.due < b.due || (a.due === b.due && a.order < b.order),
  );
  #now = 0;
  #scheduled = 0;

  /** How many actions are yet to run. */
  get pending(): number {
    return this.#heap.size;
  }

  now(): number {
    return this.#now;
  }

  schedule<State>(
    work: (this: SchedulerAction<State>, state: State) => void,
    delay: number,
    state: State,
  ): Subscription;
  schedule<State>(
    work: (this: SchedulerAction<State>, state?: State) => void,
    delay?: number,
    state?: State,
  ): Subscription;
  schedule<State>(
    work: (this: SchedulerAction<State>, state: State) => void,
    delay: number = 0,
    state?: State,
  ): Subscription {
    this.#scheduled += 1;
    const due = this.#now + Math.max(0, delay);
    const action = new SimulatedAction(this.#heap, due, this.#scheduled, work as Work, state);
    if (due !== Infinity) this.#heap.put(action);
    return action;
  }

  /** Runs all that is due until then, or for as long as more is wanted. */
  run(until: number, isWanted: () => boolean = () => true): void {
    while (isWanted()) {
      const next = this.#heap.first;
      if (next === undefined || next.due > until) break;
      this.#now = next.due;
      next.run();
    }
    if (until !== Infinity && isWanted()) this.#now = until;
  }
}

class SimulatedAction extends Subscription {
  place: number | undefined;
  readonly due: number;
  readonly order: number;
  readonly #heap: Heap<SimulatedAction>;
  readonly #work: Work;
  readonly #state: unknown;

  constructor(heap: Heap<SimulatedAction>, due: number, order: number, work: Work, state: unknown) {
    super();
    this.#heap = heap;
    this.due = due;
    this.order = order;
    this.#work = work;
    this.#state = state;
  }

  override unsubscribe(): void {
    this.#heap.remove(this);
    super.unsubscribe();
  }

  run(): void {
    this.#heap.remove(this);
    this.#work(this.#state);
    super.unsubscribe();
  }
}
