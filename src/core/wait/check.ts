import { checkClient } from '../call/check-client.js';
import type { OperationsClient } from '../client.js';
import type { PollOptions } from '../options.js';
import { resolvePollSettings, type PollSettings } from './settings.js';
import { checkSource, type CheckedSource } from './source.js';

/** What is to be watched, and how, checked. @internal */
export interface CheckedWatch {
  readonly source: CheckedSource;
  readonly settings: PollSettings;
}

/**
 * Checks all that `poll` and `waitForDone` are given.
 *
 * @throws TypeError or RangeError that says what is wrong.
 * @internal
 */
export function checkWatch(
  client: OperationsClient,
  operation: unknown,
  options: PollOptions = {},
): CheckedWatch {
  checkClient(client);
  return { source: checkSource(operation), settings: resolvePollSettings(options) };
}
