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
