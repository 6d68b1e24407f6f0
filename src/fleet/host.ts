import type { FleetEvent } from './events.js';
import type { Limiter } from './limiter.js';
import type { FleetSettings } from './options.js';

/** An event whose `time` is yet to be set. @internal */
export type UntimedEvent = FleetEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'time'>
    : never
  : never;

/** What the parts of a fleet share. @internal */
export interface FleetHost {
  readonly settings: FleetSettings;
  readonly limiter: Limiter;
  /** The time in milliseconds: it goes as the scheduler's clock does, but is never set back. */
  readonly now: number;
  /** The time by which requests are due, in milliseconds: it stands while more is due than may be called. */
  readonly time: number;
  /** Counts requests and those who wait: it tells which came first where the clock does not. */
  nextNumber(): number;
  /** Is told that there may be more or less to call for. */
  onChange(): void;
  /** Tells the listener of the fleet. */
  tell(event: UntimedEvent): void;
}
