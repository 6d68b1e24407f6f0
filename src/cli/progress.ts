import type { Operation } from '../core/operation.js';
import type { Host } from './host.js';
import type { Output } from './output.js';
import { progressBar, progressLine } from './progress-bar.js';

const REDRAW = 100;
const ERASE = '\r\u001B[K';

/** Shows on stderr how a wait goes: by a bar on a terminal, by a line for each change elsewhere. */
export interface Progress {
  /** Shows the latest snapshot. */
  readonly show: (operation: Operation) => void;
  /** Writes a line, above the bar. */
  readonly note: (text: string) => void;
  /** Leaves the bar as it is: what is written next comes beneath it. */
  readonly end: () => void;
}

/** Begins to show how a wait goes. */
export function showProgress({ stderr, env }: Host, { say, clean }: Output): Progress {
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  let latest: Operation | undefined;
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') {
    return {
      show: (operation) => say(progressLine(operation, elapsed(), clean)),
      note: say,
      end: () => undefined,
    };
  }
  const draw = (): void => {
    stderr.write(ERASE + clean(progressBar(latest, elapsed(), stderr.columns, clean)));
  };
  // Seconds go by while nothing changes.
  const ticker = setInterval(draw, REDRAW);
  let hasEnded = false;
  return {
    show: (operation) => {
      latest = operation;
      draw();
    },
    note: (text) => {
      stderr.write(ERASE);
      say(text);
      if (!hasEnded) draw();
    },
    end: () => {
      if (hasEnded) return;
      hasEnded = true;
      clearInterval(ticker);
      draw();
      stderr.write('\n');
    },
  };
}
