import { SOON, type Entry, type Watcher } from './entry.js';
import { Heap } from './heap.js';

/**
 * When those who wait for a limited time must be answered, and how long an entry is kept after that.
 *
 * @internal
 */
export class Deadlines {
  readonly #watchers = new Heap<Watcher>((a, b) => timeOf(a) < timeOf(b));
  /**
   * Those whose last watcher was answered late while a request was in flight, and may be back for what it
   * shows; and until when, in milliseconds.
   */
  readonly #kept = new Map<Entry, number>();

  /** The next moment at which there is something to do, in milliseconds; Infinity for never. */
  get next(): number {
    const first = this.#watchers.first;
    const [kept = Infinity] = this.#kept.values();
    return Math.min(first === undefined ? Infinity : timeOf(first), kept);
  }

  /** The first whose time is up. */
  firstLate(now: number): Watcher | undefined {
    const first = this.#watchers.first;
    return first !== undefined && timeOf(first) <= now ? first : undefined;
  }

  add(watcher: Watcher): void {
    this.#kept.delete(watcher.entry);
    if (watcher.deadline !== undefined) this.#watchers.put(watcher);
  }

  remove(watcher: Watcher): void {
    this.#watchers.remove(watcher);
  }

  /** Keeps an entry for a moment that nobody waits for. */
  keep(entry: Entry, now: number): void {
    this.#kept.set(entry, now + SOON);
  }

  /** Keeps an entry no longer. */
  forget(entry: Entry): void {
    this.#kept.delete(entry);
  }

  /** Takes out those that need not be kept any more. */
  takeKept(now: number): readonly Entry[] {
    const over: Entry[] = [];
    for (const [entry, until] of this.#kept) {
      if (until > now) break;
      this.#kept.delete(entry);
      over.push(entry);
    }
    return over;
  }
}

function timeOf({ deadline = Infinity }: Watcher): number {
  return deadline;
}
