import { ProtocolError } from '../core/errors/protocol-error.js';
import { isStatusError } from '../core/errors/status-error.js';
import { isTransient } from '../core/policy/retry.js';
import { isRecord } from '../core/values/record.js';
import type { Command } from './command.js';
import { MonitorFound } from './monitor-signs.js';
import { toJson, type Output } from './output.js';
import { labelOf } from './target.js';

/** What to do where the outcome is not known. */
export const AGAIN = 'The same command waits for it again.';

// In characters.
const SHOWN = 200;

/** Says why the outcome is not known, in the words of the command line. */
export function describeEnd(
  error: unknown,
  { kind, place, monitor, job }: Command,
  clean: Output['clean'],
): string {
  const found = monitorIn(error);
  if (found !== undefined) return found.message;
  const label = labelOf(place);
  const isPlain = kind !== 'list' && monitor === undefined && job === undefined;
  const other = isPlain ? describeOther(error, label, clean) : undefined;
  if (other !== undefined) return other;
  const text = error instanceof Error ? error.message : String(error);
  const message = text
    .replaceAll('the option `cancel`', '--cancel-by')
    .replaceAll('add it to `origins` to allow it', '--origin allows it');
  const where = /https?:\/\//.test(message) ? '' : ` (${label})`;
  const advice = kind === 'wait' ? adviceFor(error) : '';
  return `${message}${where} ${advice}`.trimEnd();
}

function monitorIn(error: unknown): MonitorFound | undefined {
  if (error instanceof MonitorFound) return error;
  return error instanceof Error ? monitorIn(error.cause) : undefined;
}

/** Says what an answer may be that is not an operation; undefined for all other errors. */
function describeOther(error: unknown, label: string, clean: Output['clean']): string | undefined {
  if (!(error instanceof ProtocolError)) return undefined;
  const { problem, answer } = error;
  if (!problem.startsWith('is not an operation') || !isRecord(answer)) return undefined;
  // The name of a module means nothing here.
  const own = problem.replace(/ \(rx-lro\/.*/, '');
  // It is made of a header: the server has not sent it as a field.
  // Before it is cut: of a secret that was cut, the beginning would stay.
  const shown = clean(toJson({ ...answer, pollAfter: undefined }));
  return `The answer of ${label} ${own}. It looks like that of a status monitor (try --monitor) or of a job (try --job with --done-when). It begins: ${shown.slice(0, SHOWN)}`;
}

/** What to do about an error, where the same command may find the outcome. */
function adviceFor(error: unknown): string {
  if (!isStatusError(error)) return '';
  const isOpen = error.kind === 'wait-timeout' || error.kind === 'cancel-not-confirmed';
  return isOpen || isTransient(error) ? AGAIN : '';
}
