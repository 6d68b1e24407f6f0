import type { Host } from './host.js';

const credentials = /auth|cookie|key|secret|session|token/i;

/** Header fields as they were given. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Where the command writes. */
export interface Output {
  /** Writes lines for people to stderr. */
  readonly say: (text: string) => void;
  /** Writes lines for people to stdout. */
  readonly print: (text: string) => void;
  /** Writes a value to stdout, as a line of JSON. */
  readonly printJson: (value: unknown) => void;
  /** Takes out of a text what must not be shown. */
  readonly clean: (text: string) => string;
}

/** Writes to a process, without what its headers keep secret. */
export function outputOf(host: Host, headers: HeaderPairs): Output {
  const clean = cleaner(headers);
  return {
    say: (text) => void host.stderr.write(`${clean(text)}\n`),
    print: (text) => void host.stdout.write(`${clean(text)}\n`),
    printJson: (value) => void host.stdout.write(`${toJson(value)}\n`),
    clean,
  };
}

/**
 * Makes what takes out of a text, which a server may have a part in, the values of headers that look like
 * credentials, and what could move the cursor.
 */
export function cleaner(headers: HeaderPairs): (text: string) => string {
  const secrets = headers
    .filter(([name]) => credentials.test(name))
    // The whole value first, then what follows a scheme such as `Bearer`.
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')])
    // One that is shorter is no secret, and would blot out parts of words.
    .filter((secret) => secret.length >= 4);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
      .replaceAll(/(?!\n)\p{Cc}/gu, ' ');
}

/** Writes JSON that a terminal can show as it is. */
export function toJson(value: unknown, indent?: number): string {
  // JSON keeps these control characters, and takes them in this form as well.
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007F-\u009F]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
