import type { OperationsClient } from '../core/client.js';
import type { HeaderSource } from '../clients/http/headers.js';
import { statusMonitorClient } from '../clients/status-monitor/status-monitor-client.js';

/** A status monitor, and what is known of its service. */
export interface MonitorRules {
  /** Its name, as `rx-lro/status-monitor` has it: its URL, with how to go on in a fragment or without. */
  readonly name: string;
  /** How an operation is cancelled; undefined where the name says it, or nothing does. */
  readonly cancelBy: string | undefined;
  /** Whether a way to cancel is known. */
  readonly canCancel: boolean;
  /** Other origins that the result may be at. */
  readonly origins: readonly string[];
}

/**
 * Makes a client of a status monitor. It has a cancel where the way is known.
 *
 * @param shown - What operations are called: a name may hold a secret in its query.
 */
export function monitorClient(
  { name, cancelBy, canCancel, origins }: MonitorRules,
  headers: HeaderSource,
  shown: string,
): OperationsClient {
  const { origin: baseUrl } = new URL(name);
  const client = statusMonitorClient({ baseUrl, headers, cancel: cancelBy, origins });
  return {
    get: async (_, options) => ({ ...(await client.get({ name }, options)), name: shown }),
    ...(canCancel && { cancel: (_, options) => client.cancel({ name }, options) }),
  };
}
