import { isObject, isRecord, readSafely } from '../core/values/record.js';

/**
 * Makes a short text of a snapshot, which is another one when the snapshot says something else: 53 bits, the
 * same in every process. The order of fields does not matter.
 *
 * @returns undefined where the snapshot cannot be read, as it nests too deep.
 */
export function hashOf(snapshot: unknown): string | undefined {
  return readSafely(() => {
    const hash = new Hash();
    addValue(hash, snapshot, []);
    return hash.toString();
  });
}

function addValue(hash: Hash, value: unknown, ancestors: readonly object[]): void {
  if (!isObject(value)) return hash.add(`${typeof value} ${String(value)}`);
  if (ancestors.includes(value)) return hash.add('circle');
  const path = [...ancestors, value];
  if (value instanceof Date) return hash.add(`date ${value.getTime()}`);
  if (ArrayBuffer.isView(value)) {
    return hash.addBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (value instanceof ArrayBuffer) return hash.addBytes(new Uint8Array(value));
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    const items: readonly unknown[] = [...(value as Iterable<unknown>)];
    hash.add(`list ${items.length}`);
    for (const item of items) addValue(hash, item, path);
    return;
  }
  const keys = isRecord(value) ? Object.keys(value).toSorted() : [];
  hash.add(`fields ${keys.length}`);
  for (const key of keys) {
    hash.add(key);
    addValue(hash, Reflect.get(value, key), path);
  }
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
