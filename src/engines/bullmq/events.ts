/** What happens to durable waits beside their calls, told apart by `type`. For logs and alerts. */
export type WaitsEvent = {
  /** When, in milliseconds since the epoch. */
  readonly time: number;
} & (
  | {
      /** A wait has a kind that `kinds` of this worker does not have. It goes back, for another worker. */
      readonly type: 'unknown-kind';
      /** The name of the operation. */
      readonly name: string;
      /** The kind. */
      readonly kind: string;
    }
  | {
      /** A wait was written by a newer release of this package. It goes back, for a newer worker. */
      readonly type: 'newer-version';
      /** The name of the operation. */
      readonly name: string;
      /** The version of the format. */
      readonly version: number;
    }
  | {
      /**
       * No call was made, or its answer could not be judged: an option is out of its limits, a function of your own
       * has thrown, or the state is damaged. The wait stays as it is, and the step is taken again.
       */
      readonly type: 'step-failed';
      /** The name of the operation. */
      readonly name: string;
      /** The kind. */
      readonly kind: string;
      /** What was thrown. */
      readonly error: unknown;
    }
  | {
      /** `onDone` has thrown. It is run again. */
      readonly type: 'handler-failed';
      /** The name of the operation. */
      readonly name: string;
      /** The kind. */
      readonly kind: string;
      /** Which run it was, from 1. */
      readonly attempt: number;
      /** What it threw. */
      readonly error: unknown;
    }
  | {
      /** A snapshot was not kept: it is larger than `maxStoredBytes`, or JSON cannot hold it. */
      readonly type: 'not-stored';
      /** The name of the operation. */
      readonly name: string;
      /** The kind. */
      readonly kind: string;
      /** A RangeError, or a TypeError that says what JSON cannot hold, and where. */
      readonly error: unknown;
    }
  | {
      /** This worker was too slow to keep a wait: another one may take the same step. */
      readonly type: 'lock-lost';
      /** The id of the job. */
      readonly job: string;
    }
  | {
      /** `close` does not wait for a call or a handler any more: another worker takes the wait. */
      readonly type: 'given-up';
      /** The id of the job. */
      readonly job: string;
    }
  | {
      /** The engine cannot be reached. Nothing more is told of it until it is back. Calls that were under way are made again. */
      readonly type: 'engine-away';
      /** What the connection says. */
      readonly error: unknown;
    }
  | {
      /** The engine can be reached again. */
      readonly type: 'engine-back';
    }
  | {
      /** The engine refuses something: its memory is full, or it may not be written to. */
      readonly type: 'engine-error';
      /** What it says. */
      readonly error: unknown;
    }
);
