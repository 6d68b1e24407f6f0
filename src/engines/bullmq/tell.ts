import { tell, type Untimed } from '../../core/events.js';
import type { WaitsEvent } from './events.js';

/** Tells of what happens now. @internal */
export type Tell = (event: Untimed<WaitsEvent>) => void;

/** Makes what tells a listener, if there is one. @internal */
export function tellTo(listener: ((event: WaitsEvent) => void) | undefined): Tell {
  return (event) => tell(listener, { ...event, time: Date.now() });
}
