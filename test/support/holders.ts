import { reactive, ref } from 'vue';

/** How a user's code may hold an object without holding the object itself. */
export const holders: readonly (readonly [string, <T extends object>(value: T) => T])[] = [
  ['ref()', (value) => ref(value).value as typeof value],
  ['reactive()', (value) => reactive({ value }).value as typeof value],
  ['a Proxy', (value) => new Proxy(value, {})],
  ['a prototype', (value) => Object.create(value) as typeof value],
];
