import { firstValueFrom, from } from 'rxjs';
import { deleteOperation } from '../../core/delete-operation.js';
import { getOperation } from '../../core/get-operation.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { OperationFailedError } from '../../core/errors/operation-failed-error.js';
import { WaitTimeoutError } from '../../core/errors/wait-timeout-error.js';
import type { Operation } from '../../core/operation.js';
import { poll } from '../../core/poll.js';
import { Code } from '../../core/status/code.js';
import { findDetail } from '../../core/status/details.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same } from './check.js';
import {
  advanceWhen,
  countOf,
  errorInfo,
  expectPages,
  methodsOf,
  quick,
  type ConformanceScenario,
} from './scenario.js';

/** How an operation ends. */
export const outcomes: readonly ConformanceScenario[] = [
  {
    id: 'done-at-once',
    title: 'Done at once: one call, one response',
    run: async (context) => {
      await expectPages(context);
      same('the number of calls', context.fake.calls.length, 1);
    },
  },
  {
    id: 'pending-then-response',
    title: 'Pending, then a response: each change arrives',
    run: async ({ client, fake, start, plain, plainMetadata }) => {
      const { name } = start({ metadata: { progressPercent: 100 }, response: { pages: 12 } });
      for (const progressPercent of [0, 0, 50]) {
        fake.fail({ method: 'get', answer: { name, metadata: { progressPercent } } });
      }
      const seen: Operation[] = [];
      await poll(client, name, quick).forEach((operation) => seen.push(operation));
      const told = seen.map((each) => [each.name, each.done, plainMetadata(each.metadata)]);
      same('the snapshots', told, [
        [name, false, { progressPercent: 0 }],
        [name, false, { progressPercent: 50 }],
        [name, true, { progressPercent: 100 }],
      ]);
      same('the response', plain(seen.at(-1)?.response), { pages: 12 });
      same('the number of calls', fake.calls.length, 4);
    },
  },
  {
    id: 'failed-with-details',
    title: 'Failed: code, message and details arrive',
    run: async ({ client, start }) => {
      const error = { code: Code.RESOURCE_EXHAUSTED, message: 'No stock.', details: [errorInfo] };
      const { name } = start({ error });
      const failure = await failureOf(waitForDone(client, name, quick), OperationFailedError);
      same('the code', failure.code, error.code);
      holds(`the message has ${error.message}`, failure.message.includes(error.message));
      const { reason, domain } = findDetail(failure, 'google.rpc.ErrorInfo') ?? {};
      same('the detail', { reason, domain }, { reason: 'STOCKOUT', domain: 'example.com' });
      same('the name of the operation', failure.operation?.name, name);
    },
  },
  {
    id: 'done-with-neither',
    title: 'Done with neither response nor error: success',
    run: async ({ client, start }) => {
      const { name } = start({ steps: [{ after: 0, done: true }] });
      same('the response', await waitForDone(client, name, quick), undefined);
    },
  },
  {
    id: 'wait',
    title: 'Wait: the answer comes once the operation is done',
    service: { wait: true },
    run: async (context) => {
      const { client, fake, start, plain } = context;
      const { name } = start({ duration: 1_000, response: { pages: 12 } });
      holds('the client has `wait`', client.wait !== undefined);
      const { signal } = new AbortController();
      const [operation] = await Promise.all([
        firstValueFrom(from(client.wait({ name, timeout: 60_000 }, { signal }))),
        advanceWhen(context, 'the server holds the call', () => fake.inFlight === 1),
      ]);
      same('the outcome', [operation.done, plain(operation.response)], [true, { pages: 12 }]);
      same('the calls', methodsOf(fake), ['wait']);
    },
  },
  {
    id: 'wait-held',
    title: 'Wait: the server holds the call, and its answer has the result',
    service: { wait: true },
    run: async (context) => {
      const { fake } = context;
      const options = { ...quick, backoff: () => 60_000, holdTimeout: 60_000 };
      await Promise.all([
        expectPages(context, { duration: 1_000 }, options),
        advanceWhen(context, 'the server holds the call', () => countOf(fake, 'wait') === 1),
      ]);
      same('the calls', methodsOf(fake), ['get', 'wait']);
    },
  },
  {
    id: 'wait-missing',
    title: 'The service has no Wait: Get is called',
    run: async (context) => {
      const { fake } = context;
      await Promise.all([
        expectPages(context, { duration: 1_000 }, { ...quick, holdTimeout: 60_000 }),
        advanceWhen(context, 'it is asked by Get', () => countOf(fake, 'get') > 1),
      ]);
      holds('Wait is tried once at most', countOf(fake, 'wait') <= 1);
    },
  },
  {
    id: 'delete',
    title: 'Delete: the operation is gone',
    run: async ({ client, start }) => {
      const { name } = start({ response: { pages: 12 } });
      await deleteOperation(client, name, quick);
      const failure = await failureOf(getOperation(client, name, quick), CallFailedError);
      same('the code', failure.code, Code.NOT_FOUND);
    },
  },
  {
    id: 'timeout',
    title: 'The wait times out: the operation goes on',
    run: async (context) => {
      const { client, fake, start, time } = context;
      const { name } = start({});
      let seen = 0;
      const options = { ...quick, timeout: 1_000, scheduler: time };
      const wait = poll(client, name, options).forEach(() => (seen += 1));
      const [failure] = await Promise.all([
        failureOf(wait, WaitTimeoutError),
        advanceWhen(context, 'the first answer arrives', () => seen > 0),
      ]);
      same('the name of the operation', failure.operation?.name, name);
      same('the methods called', new Set(methodsOf(fake)), new Set(['get']));
    },
  },
];
