import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Counts what this process sends to an engine from now on. @returns How much it was. */
export function countRoundTrips(): () => number {
  let count = 0;
  const replace = <Name extends string>(
    prototype: Record<Name, (...args: never[]) => unknown>,
    name: Name,
  ): void => {
    const original = prototype[name];
    prototype[name] = function counted(this: unknown, ...args: never[]): unknown {
      count += 1;
      return original.apply(this, args);
    };
  };
  replace(Redis.prototype, 'sendCommand');
  replace(Client.prototype, 'query');
  return () => count;
}
