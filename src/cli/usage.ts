import type { CommandName } from './command.js';
import { exitCodes } from './exit-code.js';

/** The options, as the help shows them. */
const optionTexts = {
  'base-url': [
    '--base-url URL',
    'where the service is, such as https://translation.googleapis.com/v3',
  ],
  header: ["--header 'NAME: VALUE'", 'is sent with every request; may be repeated'],
  timeout: ['--timeout TIME', 'wait no longer, and leave it running: 90 or 90s, 15m, 1h'],
  detach: ['--detach', 'Ctrl-C leaves the operation running, and does not cancel it'],
  json: ['--json', 'write JSON to stdout, and nothing else there'],
  job: ['--job', 'the answer is a job of any API, not an operation'],
  'done-when': [
    '--done-when /P=VALUE',
    'the job succeeded if its JSON has VALUE at that pointer; may be repeated',
  ],
  'failed-when': ['--failed-when /P=VALUE', 'the job failed; may be repeated'],
  progress: ['--progress /P', 'where the JSON of the job has a percentage'],
  monitor: ['--monitor', 'the URL is that of a status monitor: 202 until it is done (FHIR, Azure)'],
  'cancel-by': [
    '--cancel-by METHOD',
    "how the monitor cancels: DELETE, 'POST /cancel', 'POST :cancel'",
  ],
  origin: ['--origin URL', 'another origin that the result may be at; may be repeated'],
  filter: ['--filter FILTER', 'list only these, in the filter language of the service'],
  'page-size': ['--page-size NUMBER', 'how many operations a page has at most'],
  help: ['-h, --help', 'show this'],
} as const satisfies Record<string, readonly [string, string]>;

/** The long names of the options. */
export type OptionName = keyof typeof optionTexts;

const monitorOptions = ['monitor', 'cancel-by', 'origin'] as const;
const jobOptions = ['job', 'done-when', 'failed-when', 'progress'] as const;

/** What each command does, and which options it takes. */
export const commands: Readonly<
  Record<CommandName, { readonly does: string; readonly options: readonly OptionName[] }>
> = {
  wait: {
    does: 'Waits until an operation is done. Ctrl-C cancels it; a second one ends the wait at once.',
    options: [
      'base-url',
      'header',
      'timeout',
      'detach',
      'json',
      ...jobOptions,
      ...monitorOptions,
      'help',
    ],
  },
  get: {
    does: 'Shows how an operation is now.',
    options: ['base-url', 'header', 'json', ...jobOptions, 'monitor', 'origin', 'help'],
  },
  list: {
    does: 'Lists operations, one in a line.',
    options: ['base-url', 'header', 'filter', 'page-size', 'json', 'help'],
  },
  cancel: {
    does: 'Asks the server to cancel an operation, and does not wait for its end.',
    options: ['base-url', 'header', ...monitorOptions, 'help'],
  },
  delete: {
    does: 'Asks the server to forget an operation.',
    options: ['base-url', 'header', 'help'],
  },
};

/** The help of one command, or of all. */
export function helpOf(about: CommandName | undefined): string {
  const blocks = about === undefined ? helpOfAll() : helpOfOne(about);
  return blocks.map(({ title, lines }) => [title, ...lines].join('\n')).join('\n\n');
}

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

function helpOfAll(): Block[] {
  return [
    { title: 'Waits for long-running operations, and manages them.', lines: [] },
    {
      title: 'Usage:',
      lines: ['  rx-lro COMMAND NAME --base-url URL [OPTIONS]', '  rx-lro COMMAND URL [OPTIONS]'],
    },
    {
      title: 'Commands:',
      lines: rows(Object.entries(commands).map(([name, { does }]) => [name, does] as const)),
    },
    {
      title: 'Options:',
      lines: rows([
        ['-h, --help', 'show this; after a command, its options'],
        ['--version', 'show the version'],
      ]),
    },
    exitCodeBlock(),
  ];
}

function helpOfOne(name: CommandName): Block[] {
  const { does, options } = commands[name];
  const forms =
    name === 'list'
      ? ['  rx-lro list [PARENT] --base-url URL [OPTIONS]', '  rx-lro list URL [OPTIONS]']
      : [`  rx-lro ${name} NAME --base-url URL [OPTIONS]`, `  rx-lro ${name} URL [OPTIONS]`];
  return [
    { title: does, lines: [] },
    { title: 'Usage:', lines: forms },
    { title: 'Options:', lines: rows(options.map((option) => optionTexts[option])) },
    ...(name === 'wait' ? [exitCodeBlock()] : []),
  ];
}

function exitCodeBlock(): Block {
  return {
    title: 'Exit codes:',
    lines: rows(exitCodes.map(([code, meaning]) => [String(code), meaning])),
  };
}

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
