import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import * as zod from 'zod';
import * as valibot from 'valibot';
import {
  Code,
  findDetail,
  getOperation,
  isStatusError,
  listOperations,
  poll,
  waitForDone,
  waitForOperation,
  type AbortSignalLike,
  type Operation,
  type OperationsClient,
  type PollOptions,
  type RetryOptions,
  type Status,
} from 'rx-lro';

interface Instance {
  readonly nodeCount: number;
}
interface Progress {
  readonly percent: number;
}
declare const anyClient: OperationsClient;
declare const typedClient: OperationsClient<Instance, Progress>;
declare const snapshot: Operation<Instance, Progress>;

describe('the type of a response', () => {
  it('is unknown for a name with no schema', () => {
    expectTypeOf(waitForDone(anyClient, 'operations/1')).toEqualTypeOf<Promise<unknown>>();
  });

  it('comes from the client', () => {
    expectTypeOf(waitForDone(typedClient, 'operations/1')).toEqualTypeOf<Promise<Instance>>();
    expectTypeOf(getOperation(typedClient, 'a')).toEqualTypeOf<
      Promise<Operation<Instance, Progress>>
    >();
  });

  it('does not come from what it is assigned to', () => {
    // @ts-expect-error: it is an Instance
    const response: Promise<number> = waitForDone(typedClient, 'operations/1');
    // @ts-expect-error: it is an Instance
    const final: Promise<Operation<number>> = waitForOperation(typedClient, 'operations/1');
    // @ts-expect-error: it is an Instance
    const known: Promise<Operation<number>> = getOperation(typedClient, 'operations/1');
    // @ts-expect-error: it is an Instance
    const snapshots: Observable<Operation<number>> = poll(typedClient, 'operations/1');
    // @ts-expect-error: it is an Instance
    const watched: Promise<number> = waitForDone(poll(typedClient, 'operations/1'));
    // @ts-expect-error: it is not known
    const unknown: Promise<number> = waitForDone(anyClient, 'operations/1');
    void [response, final, known, snapshots, watched, unknown];
  });

  it('is that of a client whose type is not known yet', () => {
    function respond<Response>(client: OperationsClient<Response>): Promise<Response> {
      return waitForDone(client, 'operations/1');
    }
    async function watch<Response>(client: OperationsClient<Response>): Promise<Response[]> {
      const seen: Response[] = [];
      for await (const { response } of poll(client, 'operations/1')) {
        if (response !== undefined) seen.push(response);
      }
      return seen;
    }
    expectTypeOf(respond(typedClient)).toEqualTypeOf<Promise<Instance>>();
    expectTypeOf(watch(typedClient)).toEqualTypeOf<Promise<Instance[]>>();
  });

  it('comes from the snapshot, or from the start call', () => {
    expectTypeOf(waitForDone(anyClient, snapshot)).toEqualTypeOf<Promise<Instance>>();
    expectTypeOf(waitForDone(anyClient, Promise.resolve(snapshot))).toEqualTypeOf<
      Promise<Instance>
    >();
    expectTypeOf(
      waitForDone(anyClient, {} as Observable<Operation<Instance, Progress>>),
    ).toEqualTypeOf<Promise<Instance>>();
  });

  it('comes from the schema before all else', () => {
    const response = zod.object({ id: zod.string() });
    const expected = expectTypeOf<Promise<{ id: string }>>();
    expected.toEqualTypeOf(waitForDone(anyClient, 'a', { response }));
    expected.toEqualTypeOf(waitForDone(typedClient, 'a', { response }));
    expected.toEqualTypeOf(waitForDone(typedClient, snapshot, { response }));
    expectTypeOf(
      waitForDone(anyClient, 'a', { response: valibot.object({ id: valibot.string() }) }),
    ).toEqualTypeOf<Promise<{ id: string }>>();
  });

  it('comes from a function, what its promise holds', () => {
    expectTypeOf(waitForDone(anyClient, 'a', { response: (value) => String(value) })).toEqualTypeOf<
      Promise<string>
    >();
    expectTypeOf(waitForDone(anyClient, 'a', { response: async () => 7 })).toEqualTypeOf<
      Promise<number>
    >();
  });

  it('comes from what poll gave', () => {
    expectTypeOf(waitForDone(poll(typedClient, 'a'))).toEqualTypeOf<Promise<Instance>>();
  });
});

describe('the type of a snapshot', () => {
  it('has the types of both, and is an async iterable too', () => {
    const operation$ = poll(typedClient, 'a');
    expectTypeOf(operation$).toExtend<Observable<Operation<Instance, Progress>>>();
    expectTypeOf(operation$).toExtend<AsyncIterable<Operation<Instance, Progress>>>();
  });

  it('takes one type from a schema and leaves the other', () => {
    const metadata = zod.number();
    expectTypeOf(poll(typedClient, 'a', { metadata })).toExtend<
      Observable<Operation<Instance, number>>
    >();
  });

  it('flows through a list', () => {
    expectTypeOf(listOperations(typedClient, { name: 'p' })).toExtend<
      Observable<Operation<Instance, Progress>>
    >();
  });

  it('is readonly', () => {
    // @ts-expect-error -- a snapshot never changes
    snapshot.done = true;
    // @ts-expect-error -- nor does a Status
    ({} as Status).code = 5;
  });
});

describe('what must not compile', () => {
  it('refuses what is no operation', () => {
    // @ts-expect-error -- a number is none
    poll(anyClient, 7);
    // @ts-expect-error -- nor is something with no field of an operation
    poll(anyClient, { id: 'operations/1' });
  });

  it('refuses what is no client', () => {
    // @ts-expect-error -- `get` is missing
    poll({ list: () => [] }, 'a');
  });

  it('refuses wrong options', () => {
    // @ts-expect-error -- a word that is none
    poll(anyClient, 'a', { onAbort: 'stop' });
    // @ts-expect-error -- a jitter of another package
    poll(anyClient, 'a', { backoff: { jitter: 'equal' } });
    // @ts-expect-error -- an option that is none
    poll(anyClient, 'a', { interval: 5 });
    // @ts-expect-error -- a Date is no delay
    poll(anyClient, 'a', { backoff: () => new Date() });
  });

  it("refuses a detail's field that it does not have", () => {
    const status = {} as Status;
    expectTypeOf(findDetail(status, 'google.rpc.ErrorInfo')?.reason).toEqualTypeOf<
      string | undefined
    >();
    // @ts-expect-error -- ErrorInfo has no delay
    findDetail(status, 'google.rpc.ErrorInfo')?.retryDelay;
    expectTypeOf(findDetail(status, 'my.Detail')).toEqualTypeOf<
      Readonly<Record<string, unknown>> | undefined
    >();
  });
});

describe('what must compile', () => {
  it('a client of one method', () => {
    const client: OperationsClient = { get: async ({ name }) => ({ name, done: true }) };
    expectTypeOf(client).toExtend<OperationsClient>();
    expectTypeOf(
      waitForDone({ get: async () => ({ done: true, response: 7 }) }, 'a'),
    ).toEqualTypeOf<Promise<number>>();
  });

  it('signals of every make', () => {
    expectTypeOf<AbortSignal>().toExtend<AbortSignalLike>();
    expectTypeOf<import('abort-controller').AbortSignal>().toExtend<AbortSignalLike>();
  });

  it('the options of exponential-backoff itself', () => {
    expectTypeOf<import('exponential-backoff').BackoffOptions>().toExtend<RetryOptions>();
  });

  it('options with undefined for "not given"', () => {
    const options: PollOptions = {
      timeout: undefined,
      signal: undefined,
      backoff: { maxDelay: undefined },
    };
    expectTypeOf(options).toExtend<PollOptions>();
  });

  it('an error that is narrowed by its kind', () => {
    const error: unknown = undefined;
    if (isStatusError(error) && error.code === Code.NOT_FOUND) {
      expectTypeOf(error.operation).toEqualTypeOf<Operation | undefined>();
    }
  });
});
