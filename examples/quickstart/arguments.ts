import { parseArgs } from 'node:util';

export const usage = `Usage:
  npm start                                          a tour on a fake service
  npm start -- --base-url URL [options] NAME         await an operation of a real one

Options:
  --base-url URL           where the service is, such as https://translation.googleapis.com/v3
  --header 'NAME: VALUE'   goes along with every request; may be repeated
  --timeout SECONDS        wait no longer than that; the operation goes on
  --detach                 Ctrl-C leaves the operation running, and does not cancel it
  --help                   show this

Ctrl-C cancels the operation and waits for the server's verdict; a second one quits at once.

Exit codes:
  0    the operation succeeded
  1    the operation failed, or somebody else cancelled it
  2    the outcome could not be learnt, or the arguments are wrong
  130  Ctrl-C ended it (143: SIGTERM)`;

/** What to await, and how. */
export interface AwaitCommand {
  readonly baseUrl: string;
  readonly name: string;
  readonly headers: [name: string, value: string][];
  /** In milliseconds. */
  readonly timeout: number | undefined;
  readonly detach: boolean;
}

/** The arguments are wrong. The message says which, and never quotes a header: it may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError when the arguments are wrong. */
export function parseArguments(args: readonly string[]): AwaitCommand | 'tour' | 'help' {
  if (args.length === 0) return 'tour';
  const { values, positionals } = read(args);
  if (values.help === true) return 'help';
  const [name, ...others] = positionals;
  if (values['base-url'] === undefined) throw new UsageError('Option --base-url is missing.');
  if (!name) throw new UsageError('The NAME of the operation is missing.');
  if (others.length > 0) throw new UsageError('Only one NAME can be awaited.');
  return {
    baseUrl: values['base-url'],
    name,
    headers: (values.header ?? []).map(parseHeader),
    timeout: parseTimeout(values.timeout),
    detach: values.detach ?? false,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'base-url': { type: 'string' },
        header: { type: 'string', multiple: true },
        timeout: { type: 'string' },
        detach: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parseHeader(field: string): [name: string, value: string] {
  const colon = field.indexOf(':');
  if (colon < 1) throw new UsageError("Option --header takes 'NAME: VALUE'.");
  return [field.slice(0, colon).trim(), field.slice(colon + 1).trim()];
}

function parseTimeout(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(seconds)) return Number(seconds) * 1000;
  throw new UsageError(`Option --timeout takes a number of seconds; it is ${seconds}.`);
}
