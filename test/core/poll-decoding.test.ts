import { VirtualTimeScheduler, of } from 'rxjs';
import * as valibot from 'valibot';
import { describe, expect, it } from 'vitest';
import * as zod from 'zod';
import { ProtocolError, poll, waitForDone, type OperationEvent } from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';

const name = 'operations/1';
const any = { '@type': 'type.googleapis.com/example.Instance', nodeCount: '3' };
const done = { value: { name, done: true, response: any } };
const client = (answer: object) => ({ get: () => of({ name, ...answer }) });

describe('a response', () => {
  it('arrives as it came where nothing is given to check it [fact 47]', async () => {
    await expect(waitForDone(client(done.value), name)).resolves.toStrictEqual(any);
  });

  it.each([
    ['a function', (value: unknown) => Number((value as typeof any).nodeCount)],
    [
      'a function that answers with a promise',
      async (value: unknown) => Number((value as typeof any).nodeCount),
    ],
    ['zod', zod.object({ nodeCount: zod.coerce.number() }).transform((each) => each.nodeCount)],
    [
      'zod, asynchronous',
      zod.object({ nodeCount: zod.coerce.number() }).transform(async (each) => each.nodeCount),
    ],
    [
      'valibot',
      valibot.pipe(
        valibot.object({ nodeCount: valibot.string() }),
        valibot.transform((each) => Number(each.nodeCount)),
      ),
    ],
  ])('is checked and typed by %s [pain 16] [fact 13]', async (_, response) => {
    await expect(waitForDone(client(done.value), name, { response })).resolves.toBe(3);
  });

  it.each([
    [
      'a function',
      () => {
        throw new Error('no instance');
      },
      'no instance',
    ],
    ['a promise', () => Promise.reject(new Error('no instance')), 'no instance'],
    ['a schema', zod.object({ nodeCount: zod.number() }), 'nodeCount: '],
    [
      'an asynchronous schema',
      zod.object({ nodeCount: zod.number() }).refine(async () => true),
      'nodeCount: ',
    ],
  ])(
    'that %s does not take is a ProtocolError that keeps it [fact 48]',
    async (_, response, why) => {
      const error: unknown = await waitForDone(client(done.value), name, { response }).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({ operation: { name, done: true, response: any }, answer: any });
      expect((error as Error).message).toContain('says that it succeeded');
      expect((error as Error).message).toContain(why);
      expect((error as Error).cause).toBeInstanceOf(Error);
    },
  );

  it('that is absent is shown to the schema as undefined', async () => {
    const empty = client({ done: true });
    await expect(waitForDone(empty, name, { response: zod.unknown() })).resolves.toBeUndefined();
    await expect(waitForDone(empty, name, { response: zod.object({}) })).rejects.toBeInstanceOf(
      ProtocolError,
    );
  });

  it('is not asked for of an operation that failed, nor of one that runs', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client: scripted } = new ScriptedClient(scheduler, {
      get: [
        { value: { name, response: any } },
        { value: { name, done: true, error: { code: 5 } } },
      ],
    });
    const response = (): never => {
      throw new Error('never');
    };
    const { ends } = observe(poll(scripted, name, { scheduler, response }));
    scheduler.flush();
    expect(ends).toEqual(['complete']);
  });
});

describe('metadata', () => {
  it('is checked and typed', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client: scripted } = new ScriptedClient(scheduler, {
      get: [{ value: { name, metadata: { progressPercent: 7 } } }, { value: { name, done: true } }],
    });
    const metadata = zod
      .object({ progressPercent: zod.number() })
      .transform((each) => each.progressPercent);
    const { values } = observe(poll(scripted, name, { scheduler, metadata }));
    scheduler.flush();
    expect(values.map((each) => each.metadata)).toEqual([7, undefined]);
  });

  it('that is not taken is left out and told of: it must not lose the operation', () => {
    const scheduler = new VirtualTimeScheduler();
    const events: OperationEvent[] = [];
    const { client: scripted } = new ScriptedClient(scheduler, {
      get: [{ value: { name, metadata: { other: 1 } } }, done],
    });
    const metadata = zod.object({ progressPercent: zod.number() });
    const onEvent = (event: OperationEvent): void => void events.push(event);
    const { values, ends } = observe(poll(scripted, name, { scheduler, metadata, onEvent }));
    scheduler.flush();
    expect(values).toEqual([{ name, done: false }, done.value]);
    expect(ends).toEqual(['complete']);
    expect(events.filter((event) => event.type === 'metadata-mismatch')).toMatchObject([
      {
        name,
        operation: { metadata: { other: 1 } },
        error: { issues: [{ path: ['progressPercent'] }] },
      },
    ]);
  });

  it('is compared as it came, so that a decoder that makes new objects causes no repeats', () => {
    const scheduler = new VirtualTimeScheduler();
    const same = { value: { name, metadata: { a: 1 } } };
    const { client: scripted } = new ScriptedClient(scheduler, { get: [same, same, same, done] });
    const { values } = observe(poll(scripted, name, { scheduler, metadata: () => Symbol('new') }));
    scheduler.flush();
    expect(values).toHaveLength(2);
  });
});

describe('a decoder that answers with a promise', () => {
  it('is waited for: snapshots keep their order', async () => {
    let call = 0;
    const counting = { get: () => of({ name, metadata: (call += 1), done: call === 3 }) };
    const seen: unknown[] = [];
    const metadata = async (value: unknown) => {
      for (let turn = 0; turn < 10 - 3 * (value as number); turn += 1) await Promise.resolve();
      return `m${String(value)}`;
    };
    for await (const operation of poll(counting, name, { metadata, backoff: () => 0 })) {
      seen.push(operation.metadata);
    }
    expect(seen).toEqual(['m1', 'm2', 'm3']);
  });

  it('is dropped when the subscriber leaves, or the operation is cancelled, meanwhile', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [
        { value: { name, metadata: 1 } },
        { value: { name, metadata: 1, done: true, error: { code: 1 } } },
      ],
      cancel: [{ value: {} }],
    });
    const metadata = async (value: unknown) => value;
    const left = observe(poll(scripted.client, name, { scheduler, metadata }));
    left.subscription.unsubscribe();
    await settled();
    expect(left.values).toEqual([]);
    expect(scheduler.actions).toHaveLength(0);

    const cancelled = { value: { name, metadata: 1, done: true, error: { code: 1 } } };
    const again = new ScriptedClient(scheduler, {
      get: [{ value: { name, metadata: 1 } }, cancelled],
      cancel: [{ value: {} }],
    });
    const controller = new AbortController();
    const record = observe(
      poll(again.client, name, { scheduler, metadata, signal: controller.signal }),
    );
    controller.abort();
    await settled();
    // As far as the next get, and not to the end of the time for a cancel.
    scheduler.maxFrames = 1_000;
    scheduler.flush();
    await settled();
    expect(record.values).toMatchObject([{ done: true, metadata: 1, error: { code: 1 } }]);
    expect(record.ends).toEqual(['complete']);
  });

  it('that is slow with the final snapshot is not overtaken by an abort: it has ended', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [done], cancel: [{ value: {} }] });
    const controller = new AbortController();
    const response = async (value: unknown) => value;
    const record = observe(
      poll(scripted.client, name, { scheduler, response, signal: controller.signal }),
    );
    controller.abort();
    await settled();
    expect(record.values).toEqual([done.value]);
    expect(record.ends).toEqual(['complete']);
    expect(scripted.times('cancel')).toEqual([]);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('that refuses late is an error, and nothing is left', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [done] });
    const response = () => Promise.reject(new Error('no'));
    const record = observe(poll(scripted.client, name, { scheduler, response, timeout: 1_000 }));
    await settled();
    expect(errorOf(record)).toBeInstanceOf(ProtocolError);
    expect(scheduler.actions).toHaveLength(0);
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
