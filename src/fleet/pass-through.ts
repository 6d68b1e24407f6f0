import type { ObservableInput, Subscriber } from 'rxjs';
import type { CallOptions } from '../client/client.js';

/** A call that the fleet makes for somebody, and looks at no further. @internal */
export interface PassThrough {
  readonly method: 'cancel' | 'delete' | 'list';
  readonly name: string;
  readonly start: (options: CallOptions) => ObservableInput<unknown>;
  readonly subscriber: Subscriber<unknown>;
  /** Once it is under way. */
  call: { stop(): void } | undefined;
}

/**
 * The calls to pass through, in the order of their turns: what stops an operation goes before a list, and
 * all of them take turns with the fleet's own calls, which tell how the stopped ones have ended.
 *
 * @internal
 */
export class PassThroughs {
  readonly #stops = new Set<PassThrough>();
  readonly #lists = new Set<PassThrough>();
  #hadTurn = false;

  get size(): number {
    return this.#stops.size + this.#lists.size;
  }

  add(each: PassThrough): void {
    this.#queueOf(each).add(each);
  }

  remove(each: PassThrough): void {
    this.#queueOf(each).delete(each);
  }

  /**
   * Takes out the one whose turn it is.
   *
   * @param isLookDue - Whether the fleet has a call of its own to make.
   */
  take(isLookDue: boolean): PassThrough | undefined {
    const [stop] = this.#stops;
    const [list] = this.#lists;
    const next = isLookDue && this.#hadTurn ? undefined : (stop ?? list);
    if (next !== undefined) this.remove(next);
    this.#hadTurn = next !== undefined;
    return next;
  }

  #queueOf({ method }: PassThrough): Set<PassThrough> {
    return method === 'list' ? this.#lists : this.#stops;
  }
}
