import { constants } from 'node:os';
import type { Host, HostSignal } from './host.js';

// Ctrl-C reaches this process twice under npx: from the terminal, and passed on by npm.
const SAME_KEYSTROKE = 250;

const signals: readonly HostSignal[] = ['SIGINT', 'SIGTERM'];

/** Why a wait was aborted: a signal of the operating system. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell makes of the end of a process by that signal: 130 for SIGINT. */
  readonly exitCode: number;

  constructor(signal: HostSignal) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Ctrl-C and SIGTERM, as an AbortSignal. */
export interface Interrupts {
  /** Its reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Why it was aborted; undefined while it is not. */
  readonly reason: () => Interrupted | undefined;
  /** Lets the signals end the process again, as they do by default. */
  readonly stop: () => void;
}

/**
 * Listens to Ctrl-C and SIGTERM: the first one aborts, the second one ends the process.
 *
 * @param beforeExit - Is called before a second signal ends the process.
 */
export function listenToInterrupts(host: Host, beforeExit: () => void): Interrupts {
  const controller = new AbortController();
  let reason: Interrupted | undefined;
  let first = 0;
  const interrupt = (signal: HostSignal): void => {
    const now = performance.now();
    if (reason === undefined) {
      first = now;
      reason = new Interrupted(signal);
      controller.abort(reason);
    } else if (now - first > SAME_KEYSTROKE) {
      beforeExit();
      host.exit(new Interrupted(signal).exitCode);
    }
  };
  for (const signal of signals) host.on(signal, interrupt);
  return {
    signal: controller.signal,
    reason: () => reason,
    stop: () => {
      for (const signal of signals) host.off(signal, interrupt);
    },
  };
}
