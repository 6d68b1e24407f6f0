import type { Method } from '../core/client.js';
import type { StatusError } from '../core/errors/status-error.js';

/** The fleet makes a call. */
export interface FleetCallEvent {
  /** `'call'` */
  readonly type: 'call';
  /** The method. */
  readonly method: Method;
  /** What it is about: the name of the operation, or of the parent for a list. */
  readonly name: string;
  /** When, in milliseconds since the epoch, or of the clock of your `scheduler`. */
  readonly time: number;
}

/** A call of the fleet was answered. */
export interface FleetAnswerEvent extends Omit<FleetCallEvent, 'type'> {
  /** `'answer'` */
  readonly type: 'answer';
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** A call of the fleet failed. */
export interface FleetFailureEvent extends Omit<FleetCallEvent, 'type'> {
  /** `'failure'` */
  readonly type: 'failure';
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** What went wrong. */
  readonly error: StatusError;
}

/** A sweep has ended. */
export interface FleetSweepEvent {
  /** `'sweep'` */
  readonly type: 'sweep';
  /** The parent that was listed. */
  readonly parent: string;
  /**
   * How it ended: `'complete'`: with the last page · `'circle'`: at a page token that came before ·
   * `'too-long'`: it had more pages than there were names to look at · `'failed'`: a page failed for good.
   */
  readonly outcome: 'complete' | 'circle' | 'too-long' | 'failed';
  /** How many pages it had. */
  readonly pages: number;
  /** For how many of the watched operations it answered. */
  readonly shown: number;
  /** How many it did not show, though they are under the parent: those are requested one by one. */
  readonly missing: number;
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** When it ended, in milliseconds since the epoch, or of the clock of your `scheduler`. */
  readonly time: number;
}

/** The fleet is slower because the server refused a call, or is at its full rate again. */
export interface FleetRateEvent {
  /** `'rate'` */
  readonly type: 'rate';
  /** The maximum number of calls per second from now on. */
  readonly callsPerSecond: number;
  /** The refusal; absent when the full rate is reached again. */
  readonly error?: StatusError;
  /** When, in milliseconds since the epoch, or of the clock of your `scheduler`. */
  readonly time: number;
}

/** Operations under a parent are requested one by one, since sweeps do not work or do not pay. */
export interface FleetFallbackEvent {
  /** `'fallback'` */
  readonly type: 'fallback';
  /** The parent. */
  readonly parent: string;
  /** Why, when a call failed; absent when a sweep answered for fewer operations than it had pages. */
  readonly error?: StatusError;
  /** Until when, by the same clock as `time`; Infinity for good. */
  readonly until: number;
  /** When, in milliseconds since the epoch, or of the clock of your `scheduler`. */
  readonly time: number;
}

/** What happens in a fleet, told apart by `type`. For logs and traces. */
export type FleetEvent =
  | FleetCallEvent
  | FleetAnswerEvent
  | FleetFailureEvent
  | FleetSweepEvent
  | FleetRateEvent
  | FleetFallbackEvent;

/** Takes what happens in a fleet. What it throws changes nothing. */
export type FleetEventListener = (event: FleetEvent) => void;
