import { plainUrl } from '../core/errors/wording.js';
import { Code } from '../core/status/code.js';
import { parseJson } from '../core/values/json.js';
import { read, type Fetch } from '../clients/http/send.js';

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
  const sign = init.method === 'GET' ? await signOf(response, init.signal ?? undefined) : undefined;
  if (sign === undefined) return response;
  await response.body?.cancel();
  throw new MonitorFound(
    `${plainUrl(url)} answers as a status monitor does (${sign}): give --monitor with this URL.`,
  );
};

/** What says that an answer is that of a status monitor. A copy of it is read, so that it can still be used. */
async function signOf(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (response.status === 303) return 'HTTP 303';
  if (response.status !== 202) return undefined;
  // An operation or a job may well come with 202, but not without JSON.
  const { text } = await read(response.clone(), signal);
  return parseJson(text) === undefined ? 'HTTP 202 without JSON' : undefined;
}
