import { constants } from 'node:os';

// Ctrl-C reaches this process twice under npm: from the terminal, and passed on by npm.
const SAME_KEYSTROKE = 250;

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Why a wait was aborted: a signal of the operating system. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell calls the end of a process by that signal: 130 for SIGINT. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Ctrl-C and SIGTERM, as an AbortSignal. */
export interface Interrupts {
  /** Its reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Lets the signals end the process again, as they do by default. */
  stop(): void;
}

/** Listens to Ctrl-C and SIGTERM: the first one aborts, the second one quits at once. */
export function listenToInterrupts(beforeQuit: () => void): Interrupts {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      first = now;
      controller.abort(new Interrupted(signal));
    } else if (now - first > SAME_KEYSTROKE) {
      beforeQuit();
      process.exit(new Interrupted(signal).exitCode);
    }
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
