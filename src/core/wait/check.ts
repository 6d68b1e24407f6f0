import { checkClient } from '../call/check-client.js';
import type { OperationsClient } from '../client.js';
import type { PollOptions } from '../options.js';
import { resolveOptions, type Settings } from '../settings.js';
import { checkSource, type CheckedSource } from './source.js';
import { leaveStart } from './start-call.js';

/** What is to be waited for, and how, checked. @internal */
export interface CheckedWait {
  readonly source: CheckedSource;
  readonly settings: Settings;
}

/**
 * Checks all that `poll` and `waitForDone` are given.
 *
 * @throws TypeError or RangeError that says what is wrong.
 * @internal
 */
export function checkWait(
  client: OperationsClient,
  operation: unknown,
  options: PollOptions = {},
): CheckedWait {
  try {
    checkClient(client);
    return { source: checkSource(operation), settings: resolveOptions(client, options) };
  } catch (error) {
    leaveStart(operation);
    throw error;
  }
}
