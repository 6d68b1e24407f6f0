import { NEVER, Observable, concatMap, of, throwError, timer, type SchedulerLike } from 'rxjs';
import type { CallOptions, Method, OperationsClient } from 'rx-lro';

/** One scripted answer: a value, an error to fail with, or no answer at all. */
export type ScriptedAnswer =
  | { readonly value: unknown; readonly latency?: number }
  | { readonly error: unknown; readonly latency?: number }
  | 'hang';

/** One call that was made. */
export interface RecordedCall {
  readonly method: Method;
  readonly name: string;
  readonly time: number;
  end: 'answered' | 'failed' | 'left' | undefined;
}

/**
 * A client that answers by a script, on a scheduler: an Observable for each call. The last answer of a
 * method stands for all that follow.
 */
export class ScriptedClient {
  readonly calls: RecordedCall[] = [];
  mostInFlight = 0;
  inFlight = 0;
  readonly client: OperationsClient;
  readonly #scheduler: SchedulerLike;
  readonly #signals: AbortSignal[] = [];
  readonly #made = new Map<Method, number>();

  constructor(
    scheduler: SchedulerLike,
    script: Partial<Record<Method, readonly ScriptedAnswer[]>>,
    { useSignals = false }: { readonly useSignals?: boolean } = {},
  ) {
    this.#scheduler = scheduler;
    const method =
      (which: Method) =>
      ({ name }: { readonly name: string }, options: CallOptions): Observable<never> => {
        if (useSignals) this.#signals.push(options.signal);
        return this.#answer(which, name, script[which] ?? []) as Observable<never>;
      };
    this.client = { get: method('get') };
    for (const which of ['list', 'cancel', 'delete', 'wait'] as const) {
      if (script[which] !== undefined) Object.assign(this.client, { [which]: method(which) });
    }
  }

  get signals(): readonly AbortSignal[] {
    return this.#signals;
  }

  times(method: Method): number[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.time);
  }

  #answer(method: Method, name: string, answers: readonly ScriptedAnswer[]): Observable<unknown> {
    return new Observable((subscriber) => {
      const earlier = this.#made.get(method) ?? 0;
      this.#made.set(method, earlier + 1);
      const call: RecordedCall = { method, name, time: this.#scheduler.now(), end: undefined };
      this.calls.push(call);
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      const answer = answers[Math.min(earlier, answers.length - 1)] ?? 'hang';
      const end = (how: NonNullable<RecordedCall['end']>): void => {
        if (call.end === undefined) this.inFlight -= 1;
        call.end ??= how;
      };
      subscriber.add(() => end('left'));
      return this.#play(answer).subscribe({
        next: (value) => {
          end('answered');
          subscriber.next(value);
        },
        error: (error: unknown) => {
          end('failed');
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      });
    });
  }

  #play(answer: ScriptedAnswer): Observable<unknown> {
    if (answer === 'hang') return NEVER;
    const played = 'error' in answer ? throwError(() => answer.error) : of(answer.value);
    if (answer.latency === undefined) return played;
    return timer(answer.latency, this.#scheduler).pipe(concatMap(() => played));
  }
}
