import { tap } from 'rxjs';
import { OperationFailedError } from '../../core/errors/operation-failed-error.js';
import { getOperation } from '../../core/get-operation.js';
import { poll } from '../../core/poll.js';
import { Code } from '../../core/status/code.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same, until } from './check.js';
import { methodsOf, quick, type ConformanceContext, type ConformanceScenario } from './scenario.js';

async function expectCancelled(wait: Promise<unknown>): Promise<void> {
  same('the code', (await failureOf(wait, OperationFailedError)).code, Code.CANCELLED);
}

/** Waits until no call is in flight, and checks that none follows within an hour. */
async function expectSilence({ client, fake, start, time }: ConformanceContext): Promise<void> {
  await until(fake, 'the server sees that the call was aborted', () => fake.inFlight === 0);
  const before = fake.calls.length;
  await time.advance(3_600_000);
  let turns = 0;
  // In these turns a client shows what it does by itself.
  await until(fake, 'thirty turns pass', () => (turns += 1) > 30);
  // What was sent before this call has arrived by then.
  await getOperation(client, start({}, 'b').name, quick);
  same('the number of calls', fake.calls.length, before + 1);
}

/** An abort, at every stage of a wait. */
export const aborts: readonly ConformanceScenario[] = [
  {
    id: 'abort-before',
    title: 'Aborted before the start: the operation is cancelled',
    run: async ({ client, start }) => {
      const { name } = start({});
      const signal = AbortSignal.abort();
      await expectCancelled(waitForDone(client, name, { ...quick, signal }));
    },
  },
  {
    id: 'abort-in-flight',
    title: 'Aborted during a call: the call is aborted, the cancel is sent',
    run: async ({ client, fake, start }) => {
      const { name } = start({});
      fake.fail({ method: 'get', hang: true });
      const controller = new AbortController();
      const wait = expectCancelled(
        waitForDone(client, name, { ...quick, signal: controller.signal }),
      );
      await until(fake, 'the call is in progress', () => fake.inFlight === 1);
      controller.abort();
      await wait;
      await until(fake, 'no call is left', () => fake.inFlight === 0);
      same('whether the first call was aborted', fake.calls[0]?.aborted, true);
    },
  },
  {
    id: 'abort-in-delay',
    title: 'Aborted during a delay: the cancel is sent at once',
    run: async ({ client, fake, start }) => {
      const { name } = start({});
      let seen = 0;
      const controller = new AbortController();
      // A long delay before the abort, a short one after it.
      const backoff = (): number => (controller.signal.aborted ? 5 : 60_000);
      const operation = poll(client, name, { ...quick, backoff, signal: controller.signal });
      const wait = expectCancelled(waitForDone(operation.pipe(tap(() => (seen += 1)))));
      await until(fake, 'the first answer is in', () => seen === 1);
      controller.abort();
      await wait;
      same('the first calls', methodsOf(fake).slice(0, 2), ['get', 'cancel']);
    },
  },
  {
    id: 'abort-detach',
    title: 'Aborted to detach: rejects with the reason, sends no cancel',
    run: async (context) => {
      const { client, fake, start, time } = context;
      const { name } = start({});
      fake.fail({ method: 'get', hang: true });
      const controller = new AbortController();
      const { signal } = controller;
      const options = { ...quick, scheduler: time, onAbort: 'detach', signal } as const;
      const reason = new Error('The user has left.');
      const wait = waitForDone(client, name, options).catch((error: unknown) => error);
      await until(fake, 'the call is in progress', () => fake.inFlight === 1);
      controller.abort(reason);
      holds('the wait ends with the very reason', (await wait) === reason);
      await expectSilence(context);
      same('the calls', methodsOf(fake), ['get', 'get']);
      same('whether the call was aborted', fake.calls[0]?.aborted, true);
    },
  },
  {
    id: 'unsubscribe',
    title: 'Unsubscribed: the call is aborted, and no other follows',
    run: async (context) => {
      const { client, fake, start, time } = context;
      const { name } = start({});
      fake.fail({ method: 'get', hang: true });
      const subscription = poll(client, name, { ...quick, scheduler: time }).subscribe();
      await until(fake, 'the call is in progress', () => fake.inFlight === 1);
      subscription.unsubscribe();
      await expectSilence(context);
      same('whether the call was aborted', fake.calls[0]?.aborted, true);
    },
  },
  {
    id: 'unsubscribe-in-delay',
    title: 'Unsubscribed during a delay: no call follows',
    run: async (context) => {
      const { client, fake, start, time } = context;
      const { name } = start({});
      let emitted = 0;
      const subscription = poll(client, name, { ...quick, scheduler: time }).subscribe(
        () => (emitted += 1),
      );
      await until(fake, 'the first answer is in', () => emitted === 1);
      subscription.unsubscribe();
      await expectSilence(context);
    },
  },
];
