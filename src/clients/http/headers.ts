import type { HeaderContext } from './credentials.js';

/** Header fields in any form that `new Headers()` takes: a record, a list of pairs, or `Headers`. */
export type HeaderFields = NonNullable<RequestInit['headers']>;

/**
 * Header fields, or a function that gives them. It is called before each request, and once more when the service
 * answers 401.
 */
export type HeaderSource =
  | HeaderFields
  | ((context: HeaderContext) => HeaderFields | PromiseLike<HeaderFields>);

/** Gives the headers of one request. */
export type HeaderFunction = (context: HeaderContext) => Promise<Headers>;

/**
 * Reads the option `headers`.
 *
 * @param accept - Sent as `accept` where there is no other.
 * @returns The headers of every request, or a function that gives those of one. It rejects with what the
 * option's function throws, and with a TypeError when that gives something else.
 * @throws TypeError when it is neither a function nor header fields.
 */
export function headerSource(
  option: HeaderSource,
  accept = 'application/json',
): Headers | HeaderFunction {
  if (typeof option === 'function') {
    return async (context) =>
      parse(given(await option(context)), 'gave something other than header fields', accept);
  }
  // A copy, so that what is checked now is what is sent later.
  return parse(option, 'must be header fields, or a function that gives them', accept);
}

// `new Headers()` takes undefined: a forgotten `return` would send a request without credentials.
function given(fields: HeaderFields | null | undefined): HeaderFields {
  if (fields == null) {
    throw new TypeError(`Option \`headers\` gave ${fields} instead of header fields.`);
  }
  return fields;
}

function parse(fields: HeaderFields, flaw: string, accept: string): Headers {
  try {
    const headers = new Headers(fields);
    if (!headers.has('accept')) headers.set('accept', accept);
    return headers;
  } catch {
    // The platform's own error quotes the value, and that may be a token.
    throw new TypeError(
      `Option \`headers\` ${flaw}; a name or a value in it is of the wrong type or form.`,
    );
  }
}
