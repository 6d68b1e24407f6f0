import type { Observable, Subscription } from 'rxjs';
import { poll, type CallOptions, type Operation } from 'rx-lro';
import { fleetClient, type FleetEvent, type FleetOptions } from 'rx-lro/fleet';
import { ListedService, type ListedServiceOptions } from './listed-service.js';
import { SimulatedTime } from './simulated-time.js';

export const HOUR = 3_600_000;
const unused = {} as CallOptions;
/** An answer that says no. */
export const refused = (code: number): object => ({ error: { code, message: 'no' } });

/** A fleet client of a service of many operations, in simulated time. */
export function world(
  options: FleetOptions = {},
  serviceOptions: Partial<ListedServiceOptions> = {},
) {
  const time = new SimulatedTime();
  const service = new ListedService({ scheduler: time, ...serviceOptions });
  const events: FleetEvent[] = [];
  const client = fleetClient(service.client, {
    scheduler: time,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const ended = new Map<string, number>();
  const failed = new Map<string, unknown>();
  const watch = (name: string): Subscription =>
    poll(client, name, { scheduler: time }).subscribe({
      next: (operation) => {
        if (operation.done) ended.set(name, time.now());
      },
      error: (error: unknown) => failed.set(name, error),
    });
  const watchMany = (count: number, duration: number): string[] => {
    const names = Array.from({ length: count }, () => service.start(duration));
    for (const name of names) watch(name);
    return names;
  };
  const asked = (method: 'get' | 'wait', name: string, timeout?: number): Asked => {
    const answers: Operation[] = [];
    const errors: unknown[] = [];
    const answer =
      method === 'get' ? client.get({ name }, unused) : client.wait!({ name, timeout }, unused);
    const subscription = (answer as Observable<Operation>).subscribe({
      next: (operation) => answers.push(operation),
      error: (error: unknown) => errors.push(error),
    });
    return { answers, errors, subscription };
  };
  const eventsOf = <Type extends FleetEvent['type']>(type: Type) =>
    events.filter((event): event is FleetEvent & { type: Type } => event.type === type);
  return { time, service, client, eventsOf, ended, failed, watch, watchMany, asked };
}

/** A call of `get` or `wait`, and what came of it. */
export interface Asked {
  readonly answers: readonly Operation[];
  readonly errors: readonly unknown[];
  readonly subscription: Subscription;
}
