import { lastValueFrom, tap } from 'rxjs';
import { poll } from '../core/poll.js';
import type { Command } from './command.js';
import { describeOperation, describeOutcome, noteCancel, noteRetries } from './describe.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { AGAIN } from './failure.js';
import type { Host } from './host.js';
import { Interrupted, listenToInterrupts } from './interrupts.js';
import type { Output } from './output.js';
import { showProgress } from './progress.js';
import { labelOf, targetOf } from './target.js';

/** Waits for an operation. Ctrl-C cancels it, and the wait goes on for how it ended. */
export async function wait(command: Command, output: Output, host: Host): Promise<void> {
  const { client, name } = targetOf(command, (text) => progress.note(text));
  const label = labelOf(command.place);
  const isDetached = command.isDetached || client.cancel === undefined;
  // If a closed pipe ends the process before anything is known.
  host.exitCode = ExitCode.unknown;
  const interrupts = listenToInterrupts(host, () => {
    progress.end();
    output.say(`Ended; the operation may still run. ${AGAIN}`);
  });
  const isUnknown = command.monitor?.canCancel === false && !command.isDetached;
  const advice = isUnknown ? ' (--cancel-by says how to cancel it)' : '';
  const effect = isDetached ? `leaves it running${advice}` : 'cancels it';
  output.say(`Waiting for ${label}; Ctrl-C ${effect}.`);
  const progress = showProgress(host, output);
  const listeners = [noteRetries(progress.note), noteCancel(progress.note)];
  const snapshots = poll(client, name, {
    signal: interrupts.signal,
    onAbort: isDetached ? 'detach' : 'cancel',
    timeout: command.timeout,
    onEvent: (event) => listeners.forEach((listen) => listen(event)),
  }).pipe(tap(progress.show));
  try {
    const operation = await lastValueFrom(snapshots);
    progress.end();
    host.exitCode = exitCodeOf(operation, interrupts.reason());
    if (command.isJson) {
      output.printJson(operation);
      output.say(describeOperation(operation, output.clean));
    } else output.print(describeOutcome(operation, output.clean));
  } catch (error) {
    progress.end();
    if (!(error instanceof Interrupted)) throw error;
    output.say(`Left running. ${AGAIN}`);
  } finally {
    interrupts.stop();
  }
}
