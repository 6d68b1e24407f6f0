import { bytesOf } from '../core/values/equal.js';
import { isObject, readSafely } from '../core/values/record.js';

/**
 * Makes a short text of a snapshot, which is another one when the snapshot says something else: 53 bits, the
 * same in every process. The order of fields does not matter.
 *
 * @returns undefined where the snapshot cannot be read.
 */
export function hashOf(snapshot: unknown): string | undefined {
  return readSafely(() => {
    const hash = new Hash();
    // A list of what is left in place of recursion: an answer may nest as deep as it likes.
    const pending: unknown[] = [snapshot];
    const path = new Set<object>();
    while (pending.length > 0) {
      const value = pending.pop();
      if (value instanceof End) path.delete(value.of);
      else if (!isObject(value)) hash.add(`${typeof value} ${String(value)}`);
      else if (path.has(value)) hash.add('circle');
      else {
        path.add(value);
        pending.push(new End(value));
        for (const part of addObject(hash, value).toReversed()) pending.push(part);
      }
    }
    return hash.toString();
  });
}

/** Marks in the list where an object ends. */
class End {
  readonly of: object;

  constructor(of: object) {
    this.of = of;
  }
}

/** @returns What is in it, to be added. */
function addObject(hash: Hash, value: object): readonly unknown[] {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    hash.addBytes(bytesOf(value));
    return [];
  }
  if (value instanceof Date) {
    hash.add(`date ${value.getTime()}`);
    return [];
  }
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    const items: readonly unknown[] = [...(value as Iterable<unknown>)];
    hash.add(`list ${items.length}`);
    return items;
  }
  const keys = Object.keys(value).toSorted();
  hash.add(`fields ${keys.length}`);
  return keys.flatMap((key) => [key, Reflect.get(value, key) as unknown]);
}

/** Two sums of 32 bits, each multiplied by another prime at each step, and mixed at the end. */
class Hash {
  #first = 0xde_ad_be_ef;
  #second = 0x41_c6_ce_57;

  add(text: string): void {
    this.#addUnit(text.length);
    for (let index = 0; index < text.length; index += 1) this.#addUnit(text.charCodeAt(index));
  }

  addBytes(bytes: Uint8Array): void {
    this.#addUnit(bytes.length);
    for (const byte of bytes) this.#addUnit(byte);
  }

  toString(): string {
    const first = mix(this.#first, this.#second);
    const second = mix(this.#second, first);
    return (2 ** 32 * (second & 0x1f_ff_ff) + (first >>> 0)).toString(36);
  }

  #addUnit(unit: number): void {
    this.#first = Math.imul(this.#first ^ unit, 0x9e_37_79_b1);
    this.#second = Math.imul(this.#second ^ unit, 0x5f_35_64_95);
  }
}

function mix(one: number, other: number): number {
  return (
    Math.imul(one ^ (one >>> 16), 0x85_eb_ca_6b) ^ Math.imul(other ^ (other >>> 13), 0xc2_b2_ae_35)
  );
}
