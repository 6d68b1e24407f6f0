/**
 * Takes out of a text what would be a user name, a password, a query or a fragment if it is meant as a
 * URL: errors end in logs, and these may hold secrets.
 *
 * @internal
 */
export function redact(text: string): string {
  // The lookahead keeps many slashes from being tried one by one.
  return text.replace(/^([a-z][a-z\d+.-]*:\/*|\/+)(?!\/).*@/is, '$1…@').replace(/[?#].*$/s, '…');
}
