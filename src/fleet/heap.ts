/** What a heap can hold: it knows its place in it. @internal */
export interface Heaped {
  /** Its index; undefined while it is in no heap. Only the heap writes it. */
  place: number | undefined;
}

/**
 * A binary heap whose items know their places, so that any of them can be moved or removed.
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

  /** The item that is before all others. */
  get first(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item, or moves it to its new place when it has changed. */
  put(item: T): void {
    this.#settle(item, item.place ?? this.#items.length);
  }

  /** Removes an item; does nothing when it is not in the heap. */
  remove(item: T): void {
    const { place } = item;
    if (place === undefined) return;
    item.place = undefined;
    const last = this.#items.pop();
    if (last !== undefined && last !== item) this.#settle(last, place);
  }

  /**
   * Tells whether more than `count` items are wanted, without reading all of them.
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

  /** Puts an item where it belongs, from a place that is free for it: up or down. */
  #settle(item: T, from: number): void {
    let place = from;
    for (;;) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      this.#set(parent, place);
      place = above;
    }
    for (;;) {
      const below = this.#firstBelow(place);
      const child = this.#items[below];
      if (child === undefined || !this.#isBefore(child, item)) break;
      this.#set(child, place);
      place = below;
    }
    this.#set(item, place);
  }

  /** The place of the first of the two items below a place. */
  #firstBelow(place: number): number {
    const left = this.#items[2 * place + 1];
    const right = this.#items[2 * place + 2];
    const isRight = left !== undefined && right !== undefined && this.#isBefore(right, left);
    return 2 * place + (isRight ? 2 : 1);
  }

  #set(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
