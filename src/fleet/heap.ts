/** What a heap can hold: it knows its place in it. @internal */
export interface Heaped {
  /** Its index; -1 when it is in no heap. For the heap alone. */
  place: number;
}

/**
 * A binary heap whose items know their places, so that any of them can be moved or taken out.
 *
 * @internal
 */
export class Heap<T extends Heaped> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The one that is before all others. */
  get first(): T | undefined {
    return this.#items[0];
  }

  /** Puts an item in, or to its new place when it has changed. */
  put(item: T): void {
    if (item.place === -1) {
      item.place = this.#items.length;
      this.#items.push(item);
    }
    this.#rise(item);
    this.#sink(item);
  }

  /** Takes an item out, if it is in. */
  remove(item: T): void {
    const { place } = item;
    if (place === -1) return;
    item.place = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    last.place = place;
    this.#items[place] = last;
    this.#rise(last);
    this.#sink(last);
  }

  /**
   * Tells whether more than so many items are as wanted, without a look at all of them.
   *
   * @param isWanted - True for all that are before one that is wanted.
   */
  hasMoreThan(count: number, isWanted: (item: T) => boolean): boolean {
    const places = [0];
    let found = 0;
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const item = this.#items[place];
      if (item === undefined || !isWanted(item)) continue;
      found += 1;
      if (found > count) return true;
      places.push(2 * place + 1, 2 * place + 2);
    }
    return false;
  }

  #rise(item: T): void {
    while (item.place > 0) {
      const above = this.#items[(item.place - 1) >> 1];
      if (above === undefined || !this.#isBefore(item, above)) return;
      this.#swap(item, above);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#items[2 * item.place + 1];
      const right = this.#items[2 * item.place + 2];
      if (left === undefined) return;
      const below = right !== undefined && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(below, item)) return;
      this.#swap(below, item);
    }
  }

  #swap(a: T, b: T): void {
    const { place } = a;
    a.place = b.place;
    b.place = place;
    this.#items[a.place] = a;
    this.#items[b.place] = b;
  }
}
