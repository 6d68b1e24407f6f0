import { Code } from '../../core/status/code.js';
import type { Status } from '../../core/status/status.js';

/**
 * Makes the Status of an answer that says success and whose body is empty or breaks off: the connection was cut.
 *
 * @param text - A body that is not JSON.
 * @returns undefined for a body that is whole.
 * @internal
 */
export function cutBodyStatus(text: string): Status | undefined {
  if (text.trim() !== '' && !breaksOff(text)) return undefined;
  const message = `The body of the answer breaks off after ${text.length} characters`;
  return { code: Code.UNAVAILABLE, message, details: [] };
}

// No bracket is left open by JSON that is whole, except those within strings.
function breaksOff(text: string): boolean {
  // In two steps: a pattern for both overflows the stack of the engine on millions of escapes.
  const rest = text.replace(/\\[^]/g, '').replace(/"[^"]*(?:"|$)/g, '""');
  const isJson = /^\s*[{[][\]{}[,:\s"\d.+\-Eaeflnrstu]*$/.test(rest);
  return isJson && rest.replace(/[^{[]/g, '').length > rest.replace(/[^\]}]/g, '').length;
}
