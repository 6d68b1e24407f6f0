import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import type { Interrupted } from './interrupts.js';

/** How the command ended, for a shell. */
export const ExitCode = {
  succeeded: 0,
  failed: 1,
  unknown: 2,
  usage: 64,
} as const;

/** The table of exit codes, as the help and the guide show it. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'the operation succeeded, also when Ctrl-C came too late; or the server accepted the call'],
  [1, 'the operation failed, or somebody else cancelled it'],
  [
    2,
    'the outcome is not known: a call failed, the time was up, or the operation was left running',
  ],
  [64, 'the arguments are wrong'],
  [130, 'Ctrl-C cancelled the operation, or a second one ended the command at once'],
  [143, 'the same, for SIGTERM'],
];

/** The exit code of a wait whose operation is done. */
export function exitCodeOf({ error }: Operation, interrupted: Interrupted | undefined): number {
  if (error === undefined) return ExitCode.succeeded;
  const isCancelled = error.code === Code.CANCELLED;
  return isCancelled && interrupted !== undefined ? interrupted.exitCode : ExitCode.failed;
}
