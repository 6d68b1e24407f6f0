import { isPromiseLike } from '../answer/decoder.js';

/** What can be under way: a call, or a delay. @internal */
export interface Stoppable {
  stop(): void;
}

/** Whose code of users is run. @internal */
export interface GuardOwner<Outcome> {
  /** Code is about to be run, after other things have happened. */
  onRun(): void;
  /** Takes what came of it. @returns What comes of that. */
  onOutcome(outcome: Outcome): Outcome | undefined;
  /** Takes what it threw. */
  fail(error: unknown): void;
}

/**
 * Lets one thing be under way at a time, and keeps it from re-entrance. Code of users may leave or abort
 * while it runs, and so begin or end something: then a new turn has begun, and what comes of that code is
 * dropped.
 *
 * @internal
 */
export class Guard<Outcome> {
  readonly #owner: GuardOwner<Outcome>;
  #underWay: Stoppable | undefined;
  #turn = 0;

  constructor(owner: GuardOwner<Outcome>) {
    this.#owner = owner;
  }

  /**
   * Puts something in the place of what is under way, and ends that.
   *
   * @returns Whether it is in its place: code of users that is told of the end may leave or abort.
   */
  begin(next: Stoppable | undefined): boolean {
    const last = this.#underWay;
    this.#underWay = next;
    this.#turn += 1;
    const turn = this.#turn;
    last?.stop();
    return this.#turn === turn;
  }

  /** Changes when something begins or ends. Code of users after which it is another has left or aborted. */
  get turn(): number {
    return this.#turn;
  }

  /** Puts something in the place of what is under way, and starts it. */
  start(next: Stoppable, start: () => void): void {
    if (this.begin(next)) this.attempt(start);
  }

  /** Runs code of users that gives nothing, but may throw. */
  attempt(code: () => void): void {
    const turn = this.#turn;
    try {
      code();
    } catch (error) {
      if (this.#turn === turn) this.#owner.fail(error);
    }
  }

  /** Runs code of users, and hands over what came of it, step by step. Undefined: that is yet to come. */
  run(code: () => Outcome | undefined): void {
    let turn = this.#turn;
    try {
      this.#owner.onRun();
      let outcome = code();
      while (outcome !== undefined && this.#turn === turn && this.begin(undefined)) {
        turn = this.#turn;
        outcome = this.#owner.onOutcome(outcome);
      }
    } catch (error) {
      if (this.#turn === turn) this.#owner.fail(error);
    }
  }

  /** Within `run`: goes on with what code of users gives, now or once its promise has settled. */
  take<Value>(
    give: () => Value | PromiseLike<Value>,
    goOn: (value: Value) => Outcome | undefined,
  ): Outcome | undefined {
    const turn = this.#turn;
    const given = give();
    if (!isPromiseLike(given)) return this.#turn === turn ? goOn(given) : undefined;
    // Also where nobody waits for it any more: its rejection is handled.
    const ifCurrent = (code: () => Outcome | undefined): void => {
      if (this.#turn === turn) this.run(code);
    };
    Promise.resolve(given).then(
      (value) => ifCurrent(() => goOn(value)),
      (error: unknown) =>
        ifCurrent(() => {
          throw error;
        }),
    );
    return undefined;
  }
}
