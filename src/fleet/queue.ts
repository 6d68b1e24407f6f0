import type { Entry } from './entry.js';
import type { FleetHost } from './host.js';

/** Has an entry wait for its turn, unless its turn is now. @internal */
export function queue(entry: Entry, host: FleetHost): void {
  if (entry.call !== undefined) return;
  if (entry.gets > 0) entry.due = Math.min(entry.due, Math.floor(host.time));
  entry.group.queue.put(entry);
  if (entry.isUrgent) entry.group.urgent.add(entry);
  else entry.group.urgent.delete(entry);
}

/**
 * Has an entry that was asked about wait for its next turn, if any wait needs it.
 *
 * @param delay - After how long it is due, in milliseconds.
 * @internal
 */
export function queueAgain(entry: Entry, host: FleetHost, delay: number): void {
  entry.due = Math.ceil(host.time + delay);
  // Who gives up and comes again keeps the turn: else one that waits for long would never have it.
  entry.turn = host.nextNumber();
  if (entry.first === undefined) entry.group.take(entry);
  else queue(entry, host);
}

/** Moves an entry that waits for its turn before all that is overdue. @internal */
export function queueFirst(entry: Entry): void {
  const { queue: all } = entry.group;
  if (entry.place === undefined) return;
  entry.due = Math.min(entry.due, all.first?.due ?? entry.due);
  entry.turn = 0;
  all.put(entry);
}
