import { cancelOperation } from '../core/cancel-operation.js';
import { deleteOperation } from '../core/delete-operation.js';
import { getOperation } from '../core/get-operation.js';
import { listOperations } from '../core/list/list-operations.js';
import type { Operation } from '../core/operation.js';
import type { RequestOptions } from '../core/options.js';
import type { Command } from './command.js';
import { describeOperation, describeOutcome, noteRetries } from './describe.js';
import type { Host } from './host.js';
import type { Output } from './output.js';
import { labelOf, targetOf } from './target.js';

/** What carries out a command. It rejects when the outcome is not known. */
export type Run = (command: Command, output: Output, host: Host) => Promise<void>;

/** Shows how an operation is now. */
export async function get(command: Command, output: Output): Promise<void> {
  const { client, name } = targetOf(command, output.say);
  const operation = await getOperation(client, name, optionsOf(output));
  printOne(command, output, operation, describeOutcome);
}

/** Shows operations, each as soon as its page is there. */
export async function list(command: Command, output: Output): Promise<void> {
  const { client, name } = targetOf(command, output.say);
  const { filter, pageSize } = command;
  const operations = listOperations(client, { name, filter, pageSize }, optionsOf(output));
  for await (const operation of operations) {
    printOne(command, output, operation, describeOperation);
  }
}

/** Asks the server to cancel an operation. */
export async function cancel(command: Command, output: Output): Promise<void> {
  const { client, name } = targetOf(command, output.say);
  await cancelOperation(client, name, optionsOf(output));
  const accepted = `The server accepted the cancel of ${labelOf(command.place)}`;
  // Nothing is sent to a monitor that says that all is over, and one that was deleted is gone.
  if (command.monitor) output.say(`${accepted}, or it was over before.`);
  else output.say(`${accepted}; \`wait\` shows how it ends.`);
}

/** Asks the server to forget an operation. */
export async function remove(command: Command, output: Output): Promise<void> {
  const { client, name } = targetOf(command, output.say);
  await deleteOperation(client, name, optionsOf(output));
  output.say(`The server deleted ${labelOf(command.place)}.`);
}

// Someone waits at a terminal: a few seconds of retries, where a wait outlives minutes.
function optionsOf({ say }: Output): RequestOptions {
  return { retry: { numOfAttempts: 5 }, onEvent: noteRetries(say) };
}

function printOne(
  { isJson }: Command,
  { print, printJson, clean }: Output,
  operation: Operation,
  describe: typeof describeOperation,
): void {
  if (isJson) printJson(operation);
  else print(describe(operation, clean));
}
