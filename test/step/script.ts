import fc from 'fast-check';
import type { OperationsClient, PollOptions } from 'rx-lro';
import type { VirtualTime } from 'rx-lro/testing';

export const name = 'operations/1';

type Fault = { readonly code: number; readonly retryMs?: number } | 'hang' | 'garbage' | 'network';

const codes = fc.constantFrom(14, 4, 13, 8, 10, 5, 7, 12, 2, 1);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: codes.map((code) => ({ code })) },
  fc.integer({ min: 100, max: 40_000 }).map((retryMs) => ({ code: 8, retryMs })),
  fc.constantFrom('hang', 'garbage', 'network'),
);

const anyScript = fc.record({
  duration: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 300_000, max: 8_000_000 }) },
    // Of days: thousands of calls.
    { weight: 1, arbitrary: fc.integer({ min: 8_000_000, max: 300_000_000 }) },
  ),
  progress: fc.constantFrom(0, 0, 3, 20, 100),
  runsBackwards: fc.boolean(),
  latencies: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 }),
  faults: fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 200_000 }),
      lasts: fc.integer({ min: 1, max: 60_000 }),
      method: fc.constantFrom('get', 'get', 'cancel', 'both'),
      kind: fault,
    }),
    { maxLength: 3 },
  ),
  pollAfter: fc.constantFrom(undefined, undefined, 400, 7_000, '3'),
  unseenFor: fc.constantFrom(0, 0, 2_000, 20_000, 40_000),
  source: fc.constantFrom('name', 'snapshot', 'progress', 'done'),
  fails: fc.boolean(),
  cancelAt: fc.option(
    fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 300_000 })),
    { nil: undefined },
  ),
  cancel: fc.constantFrom('works', 'works', 'ignored', 'no method', 'unimplemented', 'too late'),
  timeout: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 400_000 })),
  callTimeout: fc.constantFrom(undefined, 2_000, 10_000),
  cancelTimeout: fc.constantFrom(30_000, 4_000),
  backoff: fc.constantFrom(
    undefined,
    undefined,
    { startingDelay: 1_000, timeMultiple: 1 },
    { startingDelay: 100, timeMultiple: 2, maxDelay: 20_000, jitter: 'full' as const },
    'own' as const,
  ),
  retry: fc.record({
    jitter: fc.constantFrom('none', 'full'),
    numOfAttempts: fc.constantFrom(1, 3, 50),
    startingDelay: fc.constantFrom(0, 500),
    delayFirstAttempt: fc.constantFrom(false, false, true),
    own: fc.constantFrom(undefined, undefined, 'sync', 'async'),
  }),
  decoder: fc.constantFrom(undefined, undefined, 'sync', 'async', 'refuses', 'hangs'),
  keepsLatest: fc.boolean(),
  seed: fc.integer(),
});

export type Script = typeof anyScript extends fc.Arbitrary<infer Value> ? Value : never;

/** What a service does, and how it is waited for: all of it is plain data. Times in milliseconds. */
export const scripts: fc.Arbitrary<Script> = anyScript.map((script) => {
  // So that no script makes more than some thousand calls.
  const isPolledOften = typeof script.backoff === 'object' || script.pollAfter !== undefined;
  const longest = isPolledOften ? 1_000_000 : Infinity;
  // Only answers tell what there is; what is told before one has to be kept.
  const keepsLatest =
    script.keepsLatest || script.source !== 'name' || script.cancelAt !== undefined;
  return { ...script, duration: Math.min(script.duration, longest), keepsLatest };
});

/** The service of a script: what it answers depends on the time, and on whether it was cancelled. */
export function serviceOf(script: Script, time: VirtualTime, calls: string[]): OperationsClient {
  const begun = time.now();
  const now = (): number => time.now() - begun;
  let cancelledAt = Infinity;
  const snapshot = (): object => {
    if (now() >= cancelledAt + 3_000) {
      return { name, done: true, error: { code: 1, message: 'cancelled' } };
    }
    if (now() >= script.duration) return { name, done: true, ...resultOf(script, now()) };
    return { name, pollAfter: script.pollAfter, ...progressAt(script, now()) };
  };
  const call = (method: 'get' | 'cancel', answer: () => unknown): Promise<never> => {
    const at = now();
    calls.push(`${method} ${at.toFixed(2)}`);
    const kind = script.faults.find(
      ({ from, lasts, method: of }) =>
        at >= from && at < from + lasts && (of === 'both' || of === method),
    )?.kind;
    // A quarter: never at the moment at which something else happens.
    const latency = (script.latencies[calls.length % script.latencies.length] ?? 0) + 0.25;
    return new Promise((resolve, reject) => {
      if (kind === 'hang') return;
      time.schedule(() => {
        if (kind === 'garbage' && method === 'get') return resolve('garbage' as never);
        if (kind !== undefined) return reject(failureOf(kind, at));
        if (at < script.unseenFor) return reject({ code: 5, message: 'not seen yet' });
        try {
          resolve(answer() as never);
        } catch (error) {
          reject(error);
        }
      }, latency);
    });
  };
  const client: OperationsClient = { get: () => call('get', snapshot) };
  if (script.cancel === 'no method') return client;
  client.cancel = () =>
    call('cancel', () => {
      if (script.cancel === 'unimplemented') throw { code: 12, message: 'none' };
      if (script.cancel === 'too late') throw { code: 9, message: 'it is over' };
      if (script.cancel === 'works') cancelledAt = Math.min(cancelledAt, now());
      return {};
    });
  return client;
}

function resultOf({ fails }: Script, at: number): object {
  if (!fails) return { response: { at } };
  return { error: { code: 9, message: 'no', details: [{ '@type': 'x/y', at }] } };
}

function progressAt({ progress, duration, runsBackwards }: Script, at: number): object {
  if (progress === 0) return {};
  const part = Math.floor((progress * at) / duration) / progress;
  const shown = runsBackwards && at > duration / 2 ? part - 0.5 : part;
  return { metadata: { progressPercent: Math.round(shown * 100) } };
}

function failureOf(kind: Exclude<Fault, 'hang'>, at: number): unknown {
  if (typeof kind === 'string') {
    return Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('getaddrinfo ENOTFOUND api.example'), { code: 'ENOTFOUND' }),
    });
  }
  const { code, retryMs } = kind;
  const retryDelay = `${(retryMs ?? 0) / 1_000}s`;
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay };
  return { code, message: `at ${at}`, details: retryMs === undefined ? [] : [info] };
}

/** The options of a script. */
export function optionsOf(script: Script, time: VirtualTime): PollOptions {
  const { timeout, callTimeout, cancelTimeout, backoff, retry } = script;
  const { own, ...numbers } = retry;
  const again = ({ code }: { readonly code: number }, attempt: number): boolean =>
    code !== 7 && attempt < 5;
  return {
    timeout,
    callTimeout,
    cancelTimeout,
    scheduler: time,
    backoff:
      backoff === 'own'
        ? ({ attempt, delay, elapsed, operation, memory }) => {
            memory['asked'] = Number(memory['asked'] ?? 0) + 1;
            const late = elapsed > 60_000 ? 5_000 : 0;
            const moving = operation.metadata === undefined ? 0 : 50;
            return 300 + attempt * 100 + delay / 2 + late + moving + Number(memory['asked']);
          }
        : backoff,
    retry: {
      ...numbers,
      jitter: numbers.jitter as 'none',
      retry:
        own === undefined || own === 'sync'
          ? own && again
          : (error, attempt) => Promise.resolve(again(error, attempt)),
    },
    response: decoderOf(script, time),
  };
}

function decoderOf(
  { decoder, timeout, cancelAt }: Script,
  time: VirtualTime,
): PollOptions['response'] {
  switch (decoder) {
    case 'sync':
      return (response) => ({ decoded: response });
    case 'async':
      return (response) =>
        new Promise((resolve) => time.schedule(() => resolve({ decoded: response }), 1_000.125));
    case 'refuses':
      return () => {
        throw new TypeError('it is not what was expected');
      };
    case 'hangs':
      // Without a time limit, that would never end; and a step does not hear of a cancel while it reads.
      if (timeout === Infinity || cancelAt !== undefined) return undefined;
      return () => new Promise(() => undefined);
    case undefined:
    default:
      return undefined;
  }
}

/** What is waited for. */
export function sourceOf({ source }: Script): string | object {
  if (source === 'name') return name;
  if (source === 'done') return { name, done: true, response: 1 };
  return source === 'snapshot' ? { name } : { name, metadata: { progressPercent: 1 } };
}
