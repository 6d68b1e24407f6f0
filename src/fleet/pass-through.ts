import type { ObservableInput, Subscriber } from 'rxjs';
import type { CallOptions } from '../core/client.js';

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
 * The calls to pass through, in the order in which they came: those that stop an operation, and lists.
 *
 * @internal
 */
export class PassThroughs {
  readonly #stops = new Set<PassThrough>();
  readonly #lists = new Set<PassThrough>();

  get size(): number {
    return this.#stops.size + this.#lists.size;
  }

  add(each: PassThrough): void {
    this.#queueOf(each).add(each);
  }

  remove(each: PassThrough): void {
    this.#queueOf(each).delete(each);
  }

  /** Takes out the next one that stops an operation. */
  takeStop(): PassThrough | undefined {
    return takeFirst(this.#stops);
  }

  /** Takes out the next list. */
  takeList(): PassThrough | undefined {
    return takeFirst(this.#lists);
  }

  #queueOf({ method }: PassThrough): Set<PassThrough> {
    return method === 'list' ? this.#lists : this.#stops;
  }
}

function takeFirst(queue: Set<PassThrough>): PassThrough | undefined {
  const [first] = queue;
  if (first !== undefined) queue.delete(first);
  return first;
}
