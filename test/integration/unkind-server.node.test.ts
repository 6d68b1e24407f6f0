import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { finalize } from 'rxjs';
import {
  CancelNotConfirmedError,
  Code,
  ProtocolError,
  WaitTimeoutError,
  poll,
  waitForDone,
  type OperationEvent,
  type PollOptions,
} from 'rx-lro';
import { restClient, type RestClient } from 'rx-lro/rest';
import { afterAll, describe, expect, it } from 'vitest';
import { errorOf, observe, type Record as Observed } from '../support/observe.js';
import {
  UnkindServer,
  byteByByte,
  cutInHalf,
  half,
  hang,
  json,
  reset,
  text,
  type Answer,
} from './unkind-server.js';
import { failureOf } from '../support/failure-of.js';
import { repeats } from '../support/repeats.js';

const name = 'operations/1';
const get = `GET ${name}`;
const cancel = `POST ${name}:cancel`;
const pending = { name };
const succeeded = { name, done: true, response: { answer: 42 } };
const cancelled = { name, done: true, error: { code: Code.CANCELLED, message: 'as you wish' } };
const html502 = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

// For the calls that are not to time out, however slow the machine is.
const patient: PollOptions = {
  callTimeout: 50_000,
  backoff: { startingDelay: 10, timeMultiple: 1 },
  retry: { startingDelay: 5, maxDelay: 20 },
};
const impatient: PollOptions = { ...patient, callTimeout: 1_000 };

const servers: UnkindServer[] = [];

// Not after each: tests run side by side, as some of them wait for a second or more.
afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

async function serve(choose: (asked: string, count: number) => Answer): Promise<{
  readonly server: UnkindServer;
  readonly baseUrl: string;
  readonly client: RestClient;
}> {
  const server = new UnkindServer(choose);
  servers.push(server);
  const baseUrl = await server.start();
  return { server, baseUrl, client: restClient({ baseUrl }) };
}

/** The answers in order; the last one stands for all that follow. */
function inOrder(
  ...answers: readonly [Answer, ...Answer[]]
): (asked: string, count: number) => Answer {
  return (_, count) => answers[count - 1] ?? answers.at(-1)!;
}

/** An operation that runs until it is cancelled, after some answers that are worse. */
function cancellable(...unkind: readonly Answer[]): (asked: string, count: number) => Answer {
  let isCancelled = false;
  return (asked, count) => {
    if (asked === cancel) {
      isCancelled = true;
      return json({});
    }
    return unkind[count - 1] ?? json(isCancelled ? cancelled : pending);
  };
}

/** Records events, and has the server's conditions looked at. */
function recorder(server: UnkindServer): {
  readonly events: OperationEvent[];
  readonly onEvent: (event: OperationEvent) => void;
} {
  const events: OperationEvent[] = [];
  const onEvent = (event: OperationEvent): void => {
    events.push(event);
    server.changed();
  };
  return { events, onEvent };
}

/** Subscribes, and has the server's conditions looked at in the end. */
function watch(server: UnkindServer, client: RestClient, options: PollOptions): Observed<unknown> {
  return observe(poll(client, name, options).pipe(finalize(() => server.changed())));
}

describe.concurrent('a call that fails costs a retry, never the operation', () => {
  it.each<[what: string, answer: Answer, code: string, options: PollOptions]>([
    ['an answer that is cut in half', cutInHalf, 'UNAVAILABLE', patient],
    ['a connection that is reset', reset, 'UNAVAILABLE', patient],
    ['a call that hangs', hang, 'DEADLINE_EXCEEDED', impatient],
    ['a body that never ends', half, 'DEADLINE_EXCEEDED', impatient],
    ['the HTML of a proxy with 502', text(502, html502), 'INTERNAL', patient],
    ['a 503 with nothing in it', text(503, ''), 'UNAVAILABLE', patient],
    ['a 200 with nothing in it', text(200, ''), 'UNAVAILABLE', patient],
    ['a 500 that is cut in half', text(500, '{"error":{"co'), 'INTERNAL', patient],
    ['a 504', text(504, 'upstream request timeout'), 'DEADLINE_EXCEEDED', patient],
  ])('%s [pain 6] [polling 6]', async (_, answer, code, options) => {
    const { server, client } = await serve(
      inOrder(answer, json(pending), answer, answer, json(succeeded)),
    );
    const { events, onEvent } = recorder(server);
    const response = await waitForDone(client, name, { ...options, onEvent });
    expect(response).toEqual(succeeded.response);
    const failures = events.flatMap((event) => (event.type === 'failure' ? [event] : []));
    expect(failures.map(({ error }) => error.codeName)).toEqual([code, code, code]);
    // An answer starts the count anew.
    expect(failures.map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
    expect(server.times(get)).toBe(5);
  });

  it('connections that are reset as soon as they are accepted [pain 6] [polling 6]', async () => {
    const { server, client } = await serve(inOrder(json(succeeded)));
    server.greet = (socket) => {
      if (server.connections <= 3) socket.resetAndDestroy();
    };
    const { events, onEvent } = recorder(server);
    expect(await waitForDone(client, name, { ...patient, onEvent })).toEqual(succeeded.response);
    const codes = events.flatMap((event) =>
      event.type === 'failure' ? [event.error.codeName] : [],
    );
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
    expect(server.asked).toEqual([get]);
  });

  it('a server that is killed and started again on its port [pain 6] [polling 6]', async () => {
    let isDone = false;
    const { server, client } = await serve(() => json(isDone ? succeeded : pending));
    const { events, onEvent } = recorder(server);
    const waiting = waitForDone(client, name, { ...patient, onEvent });
    await server.until(() => server.times(get) >= 3);
    await server.kill();
    const failed = (): number => events.filter(({ type }) => type === 'failure').length;
    await server.until(() => failed() >= 3);
    isDone = true;
    await server.start();
    expect(await waiting).toEqual(succeeded.response);
  });

  it('a 429, tried again no sooner than its Retry-After says [pain 10] [polling 10]', async () => {
    const { server, client } = await serve(
      inOrder(text(429, 'slow down', { 'retry-after': '1' }), json(succeeded)),
    );
    const { events, onEvent } = recorder(server);
    expect(await waitForDone(client, name, { ...patient, onEvent })).toEqual(succeeded.response);
    const [failure] = events.flatMap((event) => (event.type === 'failure' ? [event] : []));
    expect(failure?.error.codeName).toBe('RESOURCE_EXHAUSTED');
    const [retry] = events.flatMap((event) => (event.type === 'retry' ? [event] : []));
    expect(retry?.delay).toBe(1_000);
    const calls = events.flatMap((event) => (event.type === 'call' ? [event.time] : []));
    // A timer of Node may be a millisecond early.
    expect(calls[1]! - calls[0]!).toBeGreaterThan(990);
  });

  it('gives up after as many tries as it was told, and says what the proxy said', async () => {
    const { server, client } = await serve(inOrder(text(502, html502)));
    const retry = { ...patient.retry, numOfAttempts: 3 };
    const error = await failureOf(waitForDone(client, name, { ...patient, retry }));
    expect(error).toMatchObject({
      kind: 'call-failed',
      codeName: 'INTERNAL',
      attempts: 3,
      status: { message: 'HTTP 502 Bad Gateway: 502 Bad Gateway' },
      operation: { name },
    });
    expect(server.times(get)).toBe(3);
  });
});

describe('an answer that makes no sense ends the wait at once', () => {
  it.each<[what: string, answer: Answer, problem: string]>([
    ['garbage in place of JSON', text(200, '{"name":operations'), 'is not JSON'],
    ['HTML with 200', text(200, html502, { 'content-type': 'text/html' }), 'is not JSON'],
    ['nothing with 204', text(204, ''), 'is empty'],
    ['a JSON list', json([1, 2, 3]), 'is not an operation'],
    ['a JSON text', json('done'), 'is not an operation'],
    ['an object that is not an operation', json({ status: 'ok' }), 'is not an operation'],
    ['a `done` that is not a boolean', json({ name, done: 'true' }), 'is not an operation'],
  ])('%s', async (_, answer, problem) => {
    const { server, client } = await serve(inOrder(json(pending), answer));
    const error = await failureOf(waitForDone(client, name, patient));
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toContain(problem);
    expect(error).toMatchObject({ operation: { name, done: false } });
    expect(server.times(get)).toBe(2);
  });
});

describe.concurrent('a slow server', () => {
  it('is waited for while its answer comes byte by byte', async () => {
    const { server, client } = await serve(inOrder(byteByByte(pending), byteByByte(succeeded)));
    expect(await waitForDone(client, name, patient)).toEqual(succeeded.response);
    expect(server.asked).toEqual([get, get]);
    expect(server.left).toEqual([]);
  });

  it('is never asked a second time before it has answered [polling 20]', async () => {
    const late: Answer = (response, request) => {
      // Later than many delays of the backoff, and as soon as the machine allows.
      let turns = 50;
      const turn = (): void => {
        turns -= 1;
        if (turns > 0) setImmediate(turn);
        else json(server.times(get) < 20 ? pending : succeeded)(response, request);
      };
      turn();
    };
    const { server, client } = await serve(() => late);
    const backoff = { startingDelay: 0, timeMultiple: 1 };
    await waitForDone(client, name, { ...patient, backoff });
    expect(server.times(get)).toBe(20);
    expect(server.mostAtOnce).toBe(1);
  });

  it.each([
    ['hangs', hang],
    ['never ends its body', half],
  ])(
    'that %s is left when the time to wait is up [polling 14] [pain 4] [pain 5]',
    async (_, answer) => {
      const { server, client } = await serve(inOrder(json(pending), answer));
      const error = await failureOf(waitForDone(client, name, { ...patient, timeout: 1_000 }));
      expect(error).toBeInstanceOf(WaitTimeoutError);
      expect((error as Error).message).toBe(
        `Operation ${name} was not done after 1000 ms. It goes on: resume by its name, or cancel it.`,
      );
      await server.until(() => server.left.length > 0);
      expect(server.left).toEqual([get]);
    },
  );

  it('that hangs has its connection closed when the time of the call is up', async () => {
    const { server, client } = await serve(inOrder(hang, json(succeeded)));
    expect(await waitForDone(client, name, impatient)).toEqual(succeeded.response);
    await server.until(() => server.left.length > 0);
    expect(server.left).toEqual([get]);
  });
});

interface Stage {
  readonly when: string;
  /** What the first gets are answered. */
  readonly unkind: readonly Answer[];
  /** What says that the stage is reached; undefined for the tick of the subscription. */
  readonly reached?: (seen: Seen) => boolean;
  /** Whether a call is under way that the server has seen. */
  readonly inFlight: boolean;
}

interface Seen {
  readonly server: UnkindServer;
  readonly events: readonly OperationEvent[];
  /** How many answers have begun. */
  readonly begun: number;
}

const has =
  (type: OperationEvent['type']) =>
  ({ events }: Seen): boolean =>
    events.some((event) => event.type === type);
const asked =
  (count: number) =>
  ({ server }: Seen): boolean =>
    server.times(get) === count;

const stages: readonly Stage[] = [
  { when: 'before it is connected', unkind: [], inFlight: false },
  { when: 'while the headers are waited for', unkind: [hang], reached: asked(1), inFlight: true },
  {
    when: 'in the middle of a body',
    unkind: [half],
    reached: ({ begun }) => begun === 1,
    inFlight: true,
  },
  { when: 'during the delay', unkind: [], reached: has('delay'), inFlight: false },
  {
    when: 'in a poll after the delay',
    unkind: [json(pending), json(pending), hang],
    reached: asked(3),
    inFlight: true,
  },
  {
    when: 'before a retry',
    unkind: [text(503, '')],
    reached: has('retry'),
    inFlight: false,
  },
  {
    when: 'during a retry',
    unkind: [text(503, ''), text(503, ''), hang],
    reached: asked(3),
    inFlight: true,
  },
];

/** Begins a wait, and brings it to a stage. */
async function comeTo(stage: Stage, options: PollOptions) {
  const answers = cancellable(...stage.unkind);
  const sibling = inOrder(
    json({ name: 's' }),
    json({ name: 's' }),
    json({ name: 's' }),
    json({ name: 's', done: true }),
  );
  const { server, baseUrl } = await serve((what, count) =>
    what.endsWith('sibling') ? sibling(what, count) : answers(what, count),
  );
  const { events, onEvent } = recorder(server);
  let begun = 0;
  const client = restClient({
    baseUrl,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      begun += 1;
      server.changed();
      return response;
    },
  });
  const record = watch(server, client, { ...patient, ...options, onEvent });
  const { reached } = stage;
  if (reached !== undefined) await server.until(() => reached({ server, events, begun }));
  return { server, client, events, record };
}

describe.concurrent('abort', () => {
  it.each(stages.map((stage) => [stage.when, stage] as const))(
    '%s sends one CancelOperation at once, and the verdict of the server is emitted [pain 12] [pain 14] [pain 15] [polling 1] [polling 3] [polling 15]',
    async (_, stage) => {
      const controller = new AbortController();
      // Whatever is waited for lasts longer than the test, until it is aborted.
      const isShort = stage.inFlight || stage.reached === undefined;
      const pause = (): number => (isShort || controller.signal.aborted ? 10 : 600_000);
      const { server, record } = await comeTo(stage, {
        signal: controller.signal,
        backoff: pause,
        retry: { startingDelay: pause(), maxDelay: pause(), jitter: 'none' },
      });
      const before = server.asked.length;
      controller.abort(new Error('no more'));
      await server.until(() => record.ends.length > 0);
      expect(record.ends).toEqual(['complete']);
      expect(record.values.at(-1)).toEqual({
        ...cancelled,
        error: { ...cancelled.error, details: [] },
      });
      expect(server.times(cancel)).toBe(1);
      expect(server.asked.slice(before)).toEqual([cancel, get]);
      if (stage.inFlight) await server.until(() => server.left.includes(get));
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    },
  );

  it('beforehand sends the CancelOperation first, and the verdict is emitted', async () => {
    const { server, client } = await serve(cancellable());
    const error = await failureOf(
      waitForDone(client, name, { ...patient, signal: AbortSignal.abort() }),
    );
    expect(error).toMatchObject({ kind: 'operation-failed', codeName: 'CANCELLED' });
    expect(server.asked).toEqual([cancel, get]);
  });

  it('has its CancelOperation tried again until it is taken', async () => {
    const bad = [hang, reset, cutInHalf, text(503, '')];
    let isCancelled = false;
    const { server, client } = await serve((what, count) => {
      if (what !== cancel) return json(isCancelled ? cancelled : pending);
      const answer = bad[count - 1];
      isCancelled = answer === undefined;
      return answer ?? text(200, '');
    });
    const signal = AbortSignal.abort();
    const error = await failureOf(waitForDone(client, name, { ...impatient, signal }));
    expect(error).toMatchObject({ codeName: 'CANCELLED', status: { message: 'as you wish' } });
    expect(server.asked).toEqual([cancel, cancel, cancel, cancel, cancel, get]);
  });

  it('that comes too late gives the success that it was [pain 24]', async () => {
    const { server, client } = await serve((what) =>
      what === cancel ? text(400, '{"code":9,"message":"it has ended"}') : json(succeeded),
    );
    const signal = AbortSignal.abort();
    expect(await waitForDone(client, name, { ...patient, signal })).toEqual(succeeded.response);
    expect(server.asked).toEqual([cancel, get]);
  });

  it('that the server takes and never confirms ends by saying so, with the connection closed [pain 24]', async () => {
    const { server, client } = await serve((what) => (what === cancel ? json({}) : hang));
    const reason = new Error('no more');
    const signal = AbortSignal.abort(reason);
    const record = watch(server, client, { ...patient, signal, cancelTimeout: 1_000 });
    await server.until(() => record.ends.length > 0);
    const error = errorOf(record);
    expect(error).toBeInstanceOf(CancelNotConfirmedError);
    expect((error as Error).cause).toBe(reason);
    expect(error).toMatchObject({ operation: { name }, failure: undefined });
    await server.until(() => server.left.length > 0);
    expect(server.asked).toEqual([cancel, get]);
    expect(server.left).toEqual([get]);
  });

  it('with `detach` closes the connection, and tells the server nothing [pain 12] [polling 15] [polling 17]', async () => {
    const controller = new AbortController();
    const [, waitingForHeaders] = stages;
    const { server, record } = await comeTo(waitingForHeaders!, {
      signal: controller.signal,
      onAbort: 'detach',
    });
    const reason = new Error('no more');
    controller.abort(reason);
    expect(errorOf(record)).toBe(reason);
    await server.until(() => server.left.length > 0);
    expect(server.asked).toEqual([get]);
  });
});

describe('unsubscribe', () => {
  it.each(stages.map((stage) => [stage.when, stage] as const))(
    '%s closes the connection, and the server hears no more [pain 15] [polling 3]',
    async (_, stage) => {
      const { server, client, events, record } = await comeTo(stage, {});
      record.subscription.unsubscribe();
      const seen = { asked: server.times(get), events: events.length };
      if (stage.inFlight) await server.until(() => server.left.includes(get));
      // As long as another one takes that has three delays of the same length.
      await waitForDone(client, 'operations/sibling', patient);
      expect(server.times(get)).toBe(seen.asked);
      expect(events).toHaveLength(seen.events);
      expect(server.times(cancel)).toBe(0);
      expect(record.ends).toEqual([]);
    },
  );
});

const many = repeats(10_000);

describe(`${many.toLocaleString('en')} waits at once`, () => {
  it('end, over a few connections that are kept, and leave no timer and no listener [pain 15] [polling 4] [polling 16]', async () => {
    const { server, baseUrl } = await serve((what, count) =>
      json({ name: what.slice('GET '.length), done: count > 1 }),
    );
    const client = restClient({ baseUrl, fetch: atMost(100) });
    const { signal } = new AbortController();
    const timers = pendingTimers();
    const before = getEventListeners(signal, 'abort').length;
    const waits = Array.from({ length: many }, (_, index) =>
      waitForDone(client, `operations/${index}`, { signal, backoff: { startingDelay: 10 } }),
    );
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(waits);
    expect(before).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(pendingTimers()).toBeLessThanOrEqual(timers);
    expect(server.asked).toHaveLength(2 * many);
    // The server closes one that is idle for long, so a busy machine opens some more.
    expect(server.connections).toBeLessThan(1_000);
  }, 120_000);
});

describe('a process whose wait has ended', () => {
  it.each([
    ['cancel', ['running', 'done as you wish', 'complete'], [get, cancel, get]],
    ['detach', ['running', 'error no more'], [get]],
    ['unsubscribe', ['running'], [get]],
  ])('ends by itself after %s [polling 2] [polling 4]', async (how, said, asks) => {
    const { server, baseUrl } = await serve(cancellable());
    const script = fileURLToPath(new URL('abort-and-exit.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, baseUrl, how], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
      killSignal: 'SIGKILL',
    });
    const [stdout, stderr, exit] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'exit'),
    ]);
    expect({ exit, stderr }).toEqual({ exit: [0, null], stderr: '' });
    expect(stdout.trim().split('\n')).toEqual(said);
    expect(server.asked).toEqual(asks);
  });
});

/** A fetch that has so many requests under way at the most: the platform's opens a connection for each. */
function atMost(limit: number): typeof fetch {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (url, init) => {
    if (underWay === limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
    try {
      return await fetch(url, init);
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };
}

function pendingTimers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
}
