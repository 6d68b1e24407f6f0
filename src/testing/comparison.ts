import type { Operation } from '../core/operation.js';
import { isRecord, type Fields } from '../core/values/record.js';
import { anyOf } from '../clients/protobuf/any.js';

/** Tells whether an operation matches a filter, or a part of one. */
export type Filter = (operation: Operation) => boolean;

const FIELD = /^(?:name|done|(?:metadata|error|response)(?:\.[^.]+)*)$/;

/**
 * Reads one comparison of a filter, from its field, operator and value. `:` finds text within text in any
 * case, a key of an object, or with `*` any value that is set; `=` and `!=` compare the whole value. In text, `*`
 * stands for any characters.
 *
 * @throws SyntaxError that says what is not supported.
 */
export function comparisonOf([field, operator, value]: readonly string[]): Filter {
  if (field === undefined) throw new SyntaxError('it ends too early');
  if (isReserved(field)) throw new SyntaxError(`\`${field}\` in this place`);
  if (operator === undefined || !/^(?:[:=<>~]|[!<>]=)$/.test(operator)) {
    throw new SyntaxError(`the value \`${field}\` without a field`);
  }
  if (!/^[:=]|^!=$/.test(operator)) throw new SyntaxError(`the operator \`${operator}\``);
  if (!FIELD.test(field)) throw new SyntaxError(`the field \`${field}\``);
  if (value === undefined) throw new SyntaxError('it ends too early');
  const text = literalOf(value);
  if (field === 'done' && !/^(?:true|false)$/i.test(text)) {
    throw new SyntaxError(`the value \`${text}\`: \`done\` is true or false`);
  }
  const path = field.split('.');
  if (operator === ':') {
    return (operation) => valuesAt(operation, path).some((each) => has(each, text));
  }
  const isUnequal = operator === '!=';
  return (operation) => {
    const values = valuesAt(operation, path);
    // Source: AIP-160. Nothing matches if an object on the path is absent.
    return values.length > 0 && values.some((each) => isSame(each, text)) !== isUnequal;
  };
}

function isReserved(token: string): boolean {
  return /^(?:AND|OR|NOT|\(|\))$/.test(token);
}

function literalOf(token: string): string {
  const [, quoted] = /^["'](.*)["']$/s.exec(token) ?? [];
  if (quoted !== undefined) return quoted.replace(/\\(.)/gs, '$1');
  if (!isReserved(token) && /^[^=:<>~,"'!]/.test(token)) return token;
  throw new SyntaxError(`the value \`${token}\``);
}

/** The values at a path: several if there are lists on it, none if an object on it is absent. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  return isRecord(value) ? valuesAt(fieldOf(value, key), rest) : [];
}

/** A field, by its name in JSON or in the proto file; `@type` is also the type of an Any in binary form. */
function fieldOf(message: Fields, key: string): unknown {
  const camelCase = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return (
    message[key] ?? message[camelCase] ?? (key === '@type' ? anyOf(message)?.typeUrl : undefined)
  );
}

function has(value: unknown, text: string): boolean {
  if (text === '*') return Boolean(value);
  if (typeof value === 'string') return new RegExp(patternOf(text), 'is').test(value);
  return isRecord(value) ? Object.hasOwn(value, text) : isSame(value, text);
}

function isSame(value: unknown, text: string): boolean {
  if (typeof value === 'number') return text !== '' && value === Number(text);
  if (typeof value === 'boolean') return String(value) === text.toLowerCase();
  if (typeof value !== 'string' && typeof value !== 'bigint') return false;
  return new RegExp(`^${patternOf(text)}$`, 's').test(String(value));
}

function patternOf(text: string): string {
  return text.replace(/[.+?^$()[\]{}|\\]/g, '\\$&').replaceAll('*', '.*');
}
