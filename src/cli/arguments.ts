import { parseArgs } from 'node:util';
import { UsageError, type Command, type CommandName, type Text } from './command.js';
import { parseMonitor } from './monitor-options.js';
import { parseHeader, parseJob, parsePageSize, parseTimeout } from './option-values.js';
import { parsePlace } from './place.js';
import { commands } from './usage.js';

const options = {
  'base-url': { type: 'string' },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  detach: { type: 'boolean' },
  json: { type: 'boolean' },
  job: { type: 'boolean' },
  'done-when': { type: 'string', multiple: true },
  'failed-when': { type: 'string', multiple: true },
  progress: { type: 'string' },
  monitor: { type: 'boolean' },
  'cancel-by': { type: 'string' },
  origin: { type: 'string', multiple: true },
  filter: { type: 'string' },
  'page-size': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the arguments of the command line.
 *
 * @throws UsageError when they are wrong.
 */
export function parseArguments(args: readonly string[]): Command | Text {
  const [first, ...others] = args;
  if (first === '--version') return { kind: 'version', about: undefined };
  if (first === '-h' || first === '--help') return { kind: 'help', about: undefined };
  if (!isCommandName(first)) {
    const flaw =
      first === undefined ? 'A command is missing' : 'The first argument is not a command';
    throw new UsageError(`${flaw}: give one of ${Object.keys(commands).join(', ')}.`);
  }
  try {
    return parseCommand(first, others);
  } catch (error) {
    throw new UsageError((error as Error).message, first);
  }
}

function isCommandName(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(commands, word);
}

function parseCommand(kind: CommandName, args: readonly string[]): Command | Text {
  const { values, positionals } = readOptions(args);
  if (values.help === true) return { kind: 'help', about: kind };
  const taken: readonly string[] = commands[kind].options;
  const foreign = Object.keys(values).find((option) => !taken.includes(option));
  if (foreign !== undefined) {
    throw new RangeError(`The command ${kind} has no option --${foreign}.`);
  }
  const { timeout, 'page-size': pageSize } = values;
  const place = parsePlace(kind, positionals, values['base-url']);
  return {
    kind,
    place,
    headers: (values.header ?? []).map(parseHeader),
    isJson: values.json ?? false,
    timeout: timeout === undefined ? undefined : parseTimeout(timeout),
    isDetached: values.detach ?? false,
    job: parseJob(values),
    monitor: parseMonitor(kind, positionals[0], place, values),
    filter: values.filter,
    pageSize: pageSize === undefined ? undefined : parsePageSize(pageSize),
  };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const { message } = error as Error;
    const [line = ''] = message.split(/\. |\n/);
    // What follows the name of an option may be a header that was meant otherwise.
    const own = line.replace(/('-{1,2}[\w-]*)[^']*'/, "$1'").replace(/\.?$/, '.');
    throw new RangeError(own, { cause: error });
  }
}
