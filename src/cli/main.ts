import { createRequire } from 'node:module';
import { parseArguments } from './arguments.js';
import { cancel, get, list, remove, type Run } from './calls.js';
import { UsageError, type Command, type CommandName, type Text } from './command.js';
import { ExitCode } from './exit-code.js';
import { describeEnd } from './failure.js';
import type { Host } from './host.js';
import { outputOf } from './output.js';
import { helpOf } from './usage.js';
import { wait } from './wait.js';

const runs: Readonly<Record<CommandName, Run>> = { wait, get, list, cancel, delete: remove };

/**
 * Does what the arguments say, and sets the exit code of the host.
 *
 * @param args - Without Node and the script.
 */
export async function main(args: readonly string[], host: Host): Promise<void> {
  let command: Command | Text;
  try {
    command = parseArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const help = ['rx-lro', error.about, '--help'].filter((word) => word !== undefined).join(' ');
    host.stderr.write(`rx-lro: ${error.message}\nSee: ${help}\n`);
    host.exitCode = ExitCode.usage;
    return;
  }
  if (!('place' in command)) {
    const text = command.kind === 'help' ? helpOf(command.about) : version();
    host.stdout.write(`${text}\n`);
    return;
  }
  await run(command, host);
}

async function run(command: Command, host: Host): Promise<void> {
  const output = outputOf(host, command.headers);
  try {
    await runs[command.kind](command, output, host);
  } catch (error) {
    host.exitCode = ExitCode.unknown;
    output.say(`rx-lro: ${describeEnd(error, command, output.clean)}`);
  }
}

function version(): string {
  const { version: own } = createRequire(import.meta.url)('rx-lro/package.json') as {
    version: string;
  };
  return own;
}
