import { progressOf } from '../core/answer/progress.js';
import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import { isRecord } from '../core/values/record.js';
import { formatDuration } from './duration.js';
import type { Output } from './output.js';

/** What a server wrote is cleaned before it is cut: of a secret that was cut, the beginning would stay. */
type Clean = Output['clean'];

const BAR_WIDTH = 30;
const USUAL_WIDTH = 80;
// In characters.
const MOST_TEXT = 60;

/** How an operation is, in a word. */
export function stateOf({ done, error }: Operation): string {
  if (error !== undefined) return error.code === Code.CANCELLED ? 'cancelled' : 'failed';
  return done ? 'succeeded' : 'running';
}

/** How far an operation is: ` 40 %`; undefined where nothing is known. */
export function percentOf(operation: Operation): string | undefined {
  const progress = progressOf(operation);
  // One that goes on is not at its end, however close.
  const most = operation.done ? 100 : 99;
  return progress === undefined ? undefined : `${Math.min(most, Math.round(progress * 100))} %`;
}

/** What the server says of the progress where that is no percentage: the text of `X-Progress`. */
export function progressText({ done, metadata }: Operation, clean: Clean): string | undefined {
  const { progressText: text } = isRecord(metadata) ? metadata : {};
  return done || typeof text !== 'string' ? undefined : clean(text).slice(0, MOST_TEXT);
}

/**
 * How a wait goes, in a line: `running  40 %  3.2 s`.
 *
 * @param operation - The last snapshot; undefined before the first one.
 * @param elapsed - Since the beginning of the wait, in milliseconds.
 */
export function progressLine(
  operation: Operation | undefined,
  elapsed: number,
  clean: Clean,
): string {
  const state = operation === undefined ? 'waiting' : stateOf(operation);
  const far = operation && (percentOf(operation) ?? progressText(operation, clean));
  return [state, far, formatDuration(elapsed)].filter((part) => part !== undefined).join('  ');
}

/**
 * The same for a terminal, with a bar in front where the progress is known.
 *
 * @param columns - How wide the terminal is, where that is known. The bar is cut, so that it does not wrap.
 */
export function progressBar(
  operation: Operation | undefined,
  elapsed: number,
  columns: number | undefined,
  clean: Clean,
): string {
  const line = progressLine(operation, elapsed, clean);
  const progress = operation === undefined ? undefined : progressOf(operation);
  // A terminal that does not know its width may say 0.
  const width = columns === undefined || columns === 0 ? USUAL_WIDTH : columns;
  const filled = Math.round((progress ?? 0) * BAR_WIDTH);
  const bar = `${'█'.repeat(filled).padEnd(BAR_WIDTH, '░')}  `;
  return `${progress === undefined ? '' : bar}${line}`.slice(0, width - 1);
}
