import type { OperationsClient } from '../client.js';

const DEFAULT_CALL_TIMEOUT = 60_000;

// Clients that hold calls: they have them wait for their turn, and bound by themselves what they call.
const holdingClients = new WeakSet<object>();

/**
 * Has the calls of a client bounded by nothing but itself, unless its caller says otherwise; and the next
 * Wait follow each answer at once: it keeps the server from being asked too often.
 *
 * @internal
 */
export function holdsCalls<Client extends object>(client: Client): Client {
  holdingClients.add(client);
  return client;
}

/** Whether a client holds calls by itself. @internal */
export function isHolding(client: OperationsClient): boolean {
  return holdingClients.has(client);
}

/**
 * How long one call of a client may take.
 *
 * @param given - The option; undefined for the default.
 * @returns Milliseconds, or Infinity.
 * @internal
 */
export function callTimeoutOf(client: OperationsClient, given: number | undefined): number {
  return given ?? (isHolding(client) ? Infinity : DEFAULT_CALL_TIMEOUT);
}
