import { base64 } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';

// An object of one field with one of these names is a tag.
const BIGINT = '$bigint';
const BYTES = '$bytes';
const TEXT = '$text';
const PLAIN = '$plain';
const tags: ReadonlySet<string | undefined> = new Set([BIGINT, BYTES, TEXT, PLAIN]);

// PostgreSQL keeps no such character in JSON: NUL, and half of a pair.
const unkept = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Makes JSON of a value: bytes, bigints and texts that PostgreSQL does not keep are tagged. An object of a class counts
 * as its own fields where the class has no methods, or says how to make JSON of it, as messages of protobufjs do.
 *
 * @param path - Where the value stands, for the error.
 * @throws TypeError when JSON would lose something: it says what, and where.
 */
export function storeValue(value: unknown, path: string): unknown {
  return store(value, path, []);
}

/** Makes a value again of what `storeValue` has made. */
export function readValue(stored: unknown): unknown {
  if (Array.isArray(stored)) return stored.map(readValue);
  if (!isRecord(stored)) return stored;
  const [key, second] = Object.keys(stored);
  if (key === undefined || second !== undefined || !tags.has(key)) return readFields(stored);
  const content = stored[key];
  if (key === BIGINT) return BigInt(String(content));
  if (key === TEXT) return JSON.parse(String(content));
  return key === BYTES ? bytesOf(String(content)) : readFields(content as object);
}

function store(value: unknown, path: string, ancestors: readonly object[]): unknown {
  if (typeof value === 'bigint') return { [BIGINT]: value.toString() };
  if (typeof value === 'string' && unkept.test(value)) return { [TEXT]: JSON.stringify(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) throw lost(path, `is ${value}`);
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) {
    throw lost(path, `is of the type ${typeof value}`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) throw lost(path, 'contains itself');
  const within = [...ancestors, value];
  if (value instanceof Uint8Array) return { [BYTES]: base64(value) };
  if (Array.isArray(value)) {
    return value.map((item, index) => store(item, `${path}[${index}]`, within));
  }
  if (!isData(value)) throw lost(path, `is ${describe(value)}`);
  const stored = Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, store(field, `${path}.${key}`, within)]),
  );
  const keys = Object.keys(stored);
  return keys.length === 1 && tags.has(keys[0]) ? { [PLAIN]: stored } : stored;
}

/** Whether its own fields are all that an object holds. */
function isData(value: object): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  return typeof Reflect.get(value, 'toJSON') === 'function' || hasNoMethods(prototypeOf(value));
}

function hasNoMethods(prototype: object | null): boolean {
  // Each realm has an `Object.prototype` of its own.
  if (prototype === null || Object.hasOwn(prototype, 'isPrototypeOf')) return true;
  const isBare = Reflect.ownKeys(prototype).every((key) => key === 'constructor');
  return isBare && hasNoMethods(prototypeOf(prototype));
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}

function describe(value: object): string {
  const name: unknown = Reflect.get(prototypeOf(value) ?? {}, 'constructor');
  return typeof name === 'function' && name.name !== ''
    ? `a ${name.name}`
    : 'an object with methods';
}

function readFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, readValue(field)]));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function lost(path: string, what: string): TypeError {
  return new TypeError(
    `\`${path}\` ${what}, which JSON cannot hold. Plain objects, lists, numbers, texts, bytes and bigints can be kept.`,
  );
}
