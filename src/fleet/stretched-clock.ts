/** How far apart the looks at an operation may be stretched before all share the lateness. */
const LONGEST_STRETCH = 100;

/**
 * The clock by which looks are due. It goes as real time does, unless more is due than may be called:
 * then it stands until what is due has been served. So all delays stretch alike, by whatever the limits
 * make of them, and keep their ratios.
 *
 * @internal
 */
export class StretchedClock {
  #time = 0;
  /** When it was read, in milliseconds of real time. */
  read: number;

  constructor(now: number) {
    this.read = now;
  }

  /** Its time, in milliseconds. */
  get time(): number {
    return this.#time;
  }

  /**
   * Lets it go on.
   *
   * @param now - Real time.
   * @param blockedUntil - Until when, in real time, no call could be made.
   * @param due - When, by this clock, the next look is due.
   */
  advance(now: number, blockedUntil: number, due: number): void {
    const elapsed = Math.max(0, now - this.read);
    const blocked = Math.min(elapsed, Math.max(0, blockedUntil - this.read));
    const stand = Math.max(this.#time + blocked / LONGEST_STRETCH, due);
    this.#time = Math.min(this.#time + blocked, stand) + elapsed - blocked;
    this.read = now;
  }
}
