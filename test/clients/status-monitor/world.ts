import { waitForOperation, type Operation } from 'rx-lro';
import {
  statusMonitorClient,
  type StatusMonitorClientOptions,
  type StatusMonitorStart,
} from 'rx-lro/status-monitor';

import { origin, serviceOf, type Routes, type Service } from './service.js';

/** Options that make many calls in little time. */
export const quick = {
  backoff: { startingDelay: 0, maxDelay: 0 },
  retry: { startingDelay: 0, maxDelay: 0, numOfAttempts: 5 },
} as const;

/** What came of a start call. */
export interface Outcome {
  readonly operation: Operation;
  readonly service: Service;
}

/** Starts an operation by a call, and waits until it is done, whether it succeeds or fails. */
export async function run(
  call: string,
  routes: Routes,
  start?: StatusMonitorStart,
  options: StatusMonitorClientOptions = {},
): Promise<Outcome> {
  const service = serviceOf(routes);
  const client = statusMonitorClient({ fetch: service.fetch, ...options });
  const [method = 'GET', path = ''] = call.split(' ');
  const response = await service.fetch(origin + path, { method });
  const operation = await client.operation(response, start ?? { method });
  // `pollAfter` of the script would take its time.
  const { pollAfter: _, ...first } = operation;
  const last = await waitForOperation(client, first, quick).catch((error: unknown) => {
    const failed = (error as { readonly operation?: Operation }).operation;
    if (failed?.done === true) return failed;
    throw error;
  });
  return { operation: last, service };
}

/** An answer of 202 with headers. */
export function accepted(
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
} {
  return { status: 202, headers, ...(body === undefined ? {} : { body }) };
}
