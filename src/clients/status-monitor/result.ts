import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { isTransient } from '../../core/policy/retry.js';
import { Code } from '../../core/status/code.js';
import { isRecord } from '../../core/values/record.js';
import { is } from '../http/send.js';
import { contentOf } from './content.js';
import { identityOf } from './document.js';
import type { MonitorSettings } from './options.js';
import { failure, follow, type Place, type Reached, type Subject } from './reach.js';

/** What is needed to request something. */
export interface Asking {
  readonly settings: MonitorSettings;
  readonly subject: Subject;
  readonly signal: AbortSignal | null | undefined;
}

/**
 * Gets the result.
 *
 * @returns undefined where it was a guess, and no resource is there that can be read.
 * @throws CallFailedError when it cannot be had, ProtocolError when it makes no sense.
 */
export async function resultAt(
  { settings, subject, signal }: Asking,
  { url, isForeign, isGuess = false }: Place,
): Promise<{ readonly value: unknown } | undefined> {
  try {
    const sending = { isResult: true, isForeign };
    const value = read(await follow(settings, subject, url, signal, sending));
    return isGuess && !isResource(value) ? undefined : { value };
  } catch (error) {
    const isLasting =
      error instanceof ProtocolError || (error instanceof CallFailedError && !isTransient(error));
    if (isGuess && isLasting) return undefined;
    throw error;
  }
}

/** Tells whether something is not a list, as a collection answers. */
function isResource(value: unknown): boolean {
  if (value === undefined || Array.isArray(value)) return false;
  if (!isRecord(value) || identityOf(value) !== undefined) return true;
  return !['value', 'items', 'data', 'results', 'records', 'entries'].some((key) =>
    Array.isArray(value[key]),
  );
}

function read(reached: Reached): unknown {
  const { answer } = reached;
  if (!is(2, answer.status)) throw failure(reached);
  if (answer.status !== 202) return contentOf(reached);
  const message = 'The operation has succeeded, but its result is not there yet (HTTP 202)';
  throw failure(reached, { code: Code.UNAVAILABLE, message, details: [] });
}
