import type { JobRules } from './job.js';
import type { MonitorRules } from './monitor.js';
import type { HeaderPairs } from './output.js';

/** What `rx-lro` can do. */
export type CommandName = 'wait' | 'get' | 'list' | 'cancel' | 'delete';

/** Where an operation is, or operations are: at a whole URL, or by name beneath the URL of a service. */
export type Place = { readonly url: string } | { readonly baseUrl: string; readonly name: string };

/** What to do, as the arguments say it. What a command has no option for is at its default. */
export interface Command {
  readonly kind: CommandName;
  readonly place: Place;
  readonly headers: HeaderPairs;
  /** Whether stdout gets JSON alone. */
  readonly isJson: boolean;
  /** How long to wait, in milliseconds; undefined for as long as it takes. */
  readonly timeout: number | undefined;
  /** Whether Ctrl-C leaves the operation running. */
  readonly isDetached: boolean;
  /** How to read a job; undefined for all else. */
  readonly job: JobRules | undefined;
  /** The status monitor; undefined for all else. */
  readonly monitor: MonitorRules | undefined;
  readonly filter: string | undefined;
  readonly pageSize: number | undefined;
}

/** A text to show in place of a command: the help, or the version. */
export interface Text {
  readonly kind: 'help' | 'version';
  readonly about: CommandName | undefined;
}

/** The arguments are wrong. The message never quotes a header: it may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command whose help tells more. */
  readonly about: CommandName | undefined;

  constructor(message: string, about?: CommandName) {
    super(message);
    this.about = about;
  }
}
