import { readName } from '../clients/status-monitor/name.js';
import type { CommandName, Place } from './command.js';
import { monitorClient, type MonitorRules } from './monitor.js';

/** The options about status monitors, as they were given. */
export interface MonitorValues {
  readonly monitor?: boolean | undefined;
  readonly 'cancel-by'?: string | undefined;
  readonly origin?: readonly string[] | undefined;
  readonly job?: boolean | undefined;
}

/**
 * Reads the options about status monitors. A name that says by its fragment that it is one needs no `--monitor`.
 *
 * @param given - The name or URL, as it was given.
 * @returns undefined for an operation or a job.
 * @throws RangeError when they are wrong.
 */
export function parseMonitor(
  kind: CommandName,
  given: string | undefined,
  place: Place,
  values: MonitorValues,
): MonitorRules | undefined {
  const { monitor, job, 'cancel-by': cancelBy, origin: origins = [] } = values;
  const isNamed = 'url' in place && /#(?:.*&)?rx-lro=/.test(given ?? '');
  if (!isNamed && monitor !== true) {
    if (cancelBy === undefined && origins.length === 0) return undefined;
    throw new RangeError('--cancel-by and --origin are only for a --monitor.');
  }
  if (kind === 'list' || kind === 'delete') {
    throw new RangeError(`The command ${kind} is not for status monitors.`);
  }
  if (!('url' in place)) throw new RangeError('A --monitor needs the whole URL of the monitor.');
  if (job === true) {
    throw new RangeError(
      isNamed
        ? 'The name is that of a status monitor, and a --job is none: leave --job out.'
        : 'A --job is not a --monitor: give one of them.',
    );
  }
  const name = isNamed ? String(given) : place.url;
  const canCancel = cancelBy !== undefined || readName(name).hasDelete === true;
  if (kind === 'cancel' && !canCancel) {
    throw new RangeError('How to cancel is not known: give it, as in --cancel-by DELETE.');
  }
  const rules = { name, cancelBy, canCancel, origins };
  checkRules(rules);
  return rules;
}

function checkRules(rules: MonitorRules): void {
  try {
    monitorClient(rules, [], '');
  } catch (error) {
    const { message } = error as Error;
    const own = message
      .replace('Option `cancel`', '--cancel-by')
      .replace('Option `origins`', '--origin')
      .replace('hold origins', 'be an origin');
    throw new RangeError(own, { cause: error });
  }
}
