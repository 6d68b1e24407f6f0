import type { Entry } from './entry.js';

// What is known of so many names is kept for those who give up and come again, as a retry does.
const MOST = 10_000;

/**
 * What is known of names that nobody waits for any more: the latest of them.
 *
 * @internal
 */
export class LeftEntries {
  readonly #byName = new Map<string, Entry>();

  get(name: string): Entry | undefined {
    return this.#byName.get(name);
  }

  put(entry: Entry): void {
    this.#byName.set(entry.name, entry);
    if (this.#byName.size <= MOST) return;
    const [oldest] = this.#byName.keys();
    if (oldest !== undefined) this.#byName.delete(oldest);
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }
}
