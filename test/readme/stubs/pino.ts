// What the recipe for pino uses of it, as it declares it.

export interface Logger {
  debug(object: unknown, message?: string): void;
  warn(object: unknown, message?: string): void;
}

export declare function pino(): Logger;
