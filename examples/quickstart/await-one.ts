import { lastValueFrom } from 'rxjs';
import { isStatusError, isTransient, poll, type Operation, type OperationsClient } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { UsageError, type AwaitCommand } from './arguments.js';
import type { Display } from './display.js';
import { Interrupted, listenToInterrupts } from './interrupts.js';
import { noteEvents, showVerdict } from './notes.js';

/** Awaits an operation of a real service; Ctrl-C cancels it. Resolves to the exit code. */
export async function awaitOne(command: AwaitCommand, display: Display): Promise<number> {
  const client = clientOf(command);
  const interrupts = listenToInterrupts(() => {
    display.endProgress();
    display.line('note', 'Quit; the operation may still run.');
  });
  const { signal } = interrupts;
  display.heading(`${command.name} at ${command.baseUrl}`);
  const effect = command.detach ? 'leaves it running' : 'cancels it; a second one quits at once';
  display.line('plain', `Ctrl-C ${effect}.`);
  try {
    const operation = await lastValueFrom(
      poll(client, command.name, {
        signal,
        onAbort: command.detach ? 'detach' : 'cancel',
        timeout: command.timeout,
        onEvent: noteEvents(display),
      }).pipe(display.showProgress),
    );
    showVerdict(display, operation);
    return exitCodeOf(operation, signal);
  } catch (error) {
    if (error instanceof Interrupted) {
      display.line('note', 'Left running; the same command waits for it again.');
      return error.exitCode;
    }
    display.line('failure', error instanceof Error ? error.message : String(error));
    if (isWorthAnotherRun(error)) display.line('note', 'The same command waits for it again.');
    return 2;
  } finally {
    interrupts.stop();
  }
}

function clientOf({ baseUrl, headers }: AwaitCommand): OperationsClient {
  try {
    return restClient({ baseUrl, headers });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isWorthAnotherRun(error: unknown): boolean {
  if (!isStatusError(error)) return false;
  return (
    error.kind === 'wait-timeout' || error.kind === 'cancel-not-confirmed' || isTransient(error)
  );
}

function exitCodeOf({ error }: Operation, signal: AbortSignal): number {
  // Whatever the verdict: who presses Ctrl-C does not want a script to go on with the next command.
  if (signal.reason instanceof Interrupted) return signal.reason.exitCode;
  return error === undefined ? 0 : 1;
}
