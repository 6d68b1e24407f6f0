import { plainUrl } from '../core/errors/wording.js';
import { Code } from '../core/status/code.js';
import type { Fetch } from '../clients/http/send.js';

/** The answer is that of a status monitor, and the command was not told that it is one. */
export class MonitorFound extends Error {
  override readonly name = 'MonitorFound';
  // A code that is not retried: the next answer is of the same kind.
  readonly code = Code.FAILED_PRECONDITION;
  readonly details = [];
}

/**
 * Does what the platform's `fetch` does, except for what only a status monitor answers to a GET: it would be taken
 * for an answer that breaks off, or for a redirect.
 *
 * @throws MonitorFound for it.
 */
export const fetchNoMonitor: Fetch = async (url, init) => {
  const response = await globalThis.fetch(url, init);
  const sign = init.method === 'GET' ? signOf(response) : undefined;
  if (sign === undefined) return response;
  await response.body?.cancel();
  throw new MonitorFound(
    `${plainUrl(url)} answers as a status monitor does (${sign}): give --monitor with this URL.`,
  );
};

/** What says that an answer is that of a status monitor, whatever its body holds. */
function signOf({ status, headers }: Response): string | undefined {
  if (status === 303) return 'HTTP 303';
  // An operation may well come with 202.
  const isJson = /\bjson\b/i.test(headers.get('content-type') ?? '');
  const isEmpty = headers.get('content-length') === '0';
  return status === 202 && (isEmpty || !isJson) ? 'HTTP 202 without JSON' : undefined;
}
