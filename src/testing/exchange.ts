import {
  NEVER,
  Subscription,
  concatMap,
  delay,
  of,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { abortReason, onAbort, type AbortSignalLike } from '../core/platform/abort-signal.js';
import type { Method } from '../core/client.js';
import { copyOf } from '../core/values/copy.js';
import { FaultList, type Fault } from './fault.js';
import { replyOfFault, type Broken, type Reply } from './reply.js';

/** One call that was made to a fake service. */
export interface FakeCall {
  /** The method. */
  readonly method: Method;
  /** The name of the operation, or of the parent for a list. */
  readonly name: string;
  /** When it was made, in milliseconds of the scheduler's clock. */
  readonly time: number;
  /** Whether the caller aborted it before it was answered. */
  readonly aborted: boolean;
}

/**
 * Takes calls: logs them, applies faults, and answers them in time or ends them on abort.
 *
 * @internal
 */
export class Exchange {
  readonly faults: FaultList = new FaultList();
  readonly calls: FakeCall[] = [];
  inFlight = 0;
  readonly #scheduler: SchedulerLike;
  readonly #latency: number;

  constructor(scheduler: SchedulerLike, latency: number) {
    this.#scheduler = scheduler;
    this.#latency = latency;
  }

  /**
   * @param act - Has the call's effect when it is subscribed, and emits the one reply.
   * @returns Rejects with the signal's reason when it is aborted, and when the connection breaks.
   */
  make(
    method: Method,
    name: string,
    signal: AbortSignalLike | null | undefined,
    act: Observable<Reply>,
  ): Promise<Reply> {
    const call = { method, name, time: this.#scheduler.now(), aborted: signal?.aborted === true };
    this.calls.push(call);
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    return new Promise((resolve, reject) => {
      const running = new Subscription(() => {
        this.inFlight -= 1;
      });
      this.inFlight += 1;
      if (signal != null) {
        const abort = (): void => {
          call.aborted = true;
          running.unsubscribe();
          reject(abortReason(signal));
        };
        running.add(onAbort(signal, abort));
      }
      const reply = this.#onItsWay(meet(act, this.faults.take(call)));
      const settle = (settled: Reply | Broken): void => {
        running.unsubscribe();
        if (settled.kind === 'broken') reject(connectionReset());
        // What a caller changes must not change the operation or the fault.
        else resolve(copyOf(settled));
      };
      running.add(reply.subscribe(settle));
    });
  }

  #onItsWay<Value>(reply: Observable<Value>): Observable<Value> {
    return this.#latency === 0
      ? reply.pipe(concatMap((value) => Promise.resolve(value)))
      : reply.pipe(delay(this.#latency, this.#scheduler));
  }
}

function meet(act: Observable<Reply>, fault: Fault | undefined): Observable<Reply | Broken> {
  if (fault === undefined) return act;
  const reply = replyOfFault(fault);
  const faulty = reply === undefined ? NEVER : of(reply);
  return fault.afterEffect === true ? act.pipe(concatMap(() => faulty)) : faulty;
}

// As the fetch of Node reports it.
function connectionReset(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}
