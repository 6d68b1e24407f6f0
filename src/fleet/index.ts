export { fleetClient } from './fleet-client.js';
export type { FleetOptions, FleetSweep } from './options.js';
export type {
  FleetAnswerEvent,
  FleetCallEvent,
  FleetEvent,
  FleetEventListener,
  FleetFailureEvent,
  FleetFallbackEvent,
  FleetRateEvent,
  FleetSweepEvent,
} from './events.js';
export { waitForAll } from './wait-for-all.js';
export type { WaitForAllOptions } from './wait-for-all.js';
export { WaitForAllError } from './wait-for-all-error.js';
export type { WaitForAllFailure } from './wait-for-all-error.js';
export type { WaitForAllProgress } from './whole-progress.js';
