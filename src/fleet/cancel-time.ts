// What `poll` gives one operation.
const ONE_CANCEL = 30_000;

// A cancel takes its turn with three other kinds of calls: the look that confirms one, other looks, lists.
const CALLS = 4;

const rates = new WeakMap<object, number>();

/** Takes note of how many calls per second a client makes. @internal */
export function withRate<Client extends object>(client: Client, callsPerSecond: number): Client {
  rates.set(client, callsPerSecond);
  return client;
}

/**
 * How long it takes until so many operations are cancelled that a fleet watches, one after the other.
 *
 * @returns Milliseconds.
 * @internal
 */
export function cancelTimeFor(client: object, operations: number): number {
  const rate = rates.get(client) ?? Infinity;
  return ONE_CANCEL + (CALLS * operations * 1000) / rate;
}
