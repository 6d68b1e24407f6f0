import type { OperationEvent } from '../../core/events.js';
import { getOperation } from '../../core/get-operation.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { isTransient } from '../../core/policy/retry.js';
import { Code } from '../../core/status/code.js';
import { findDetail } from '../../core/status/details.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same, until } from './check.js';
import {
  advanceWhen,
  errorInfo,
  expectPages,
  quick,
  type ConformanceScenario,
} from './scenario.js';

/** Calls that fail, and those that hang. */
export const failures: readonly ConformanceScenario[] = [
  {
    id: 'refused-with-details',
    title: 'A call is refused: code, message and details arrive',
    run: async ({ client, fake, operationName }) => {
      const status = { code: Code.PERMISSION_DENIED, message: 'Not yours.', details: [errorInfo] };
      fake.fail({ status });
      const call = getOperation(client, operationName('a'), quick);
      const failure = await failureOf(call, CallFailedError);
      same('the code', failure.code, status.code);
      holds(`the message has ${status.message}`, failure.message.includes(status.message));
      const detail = findDetail(failure, 'google.rpc.ErrorInfo');
      const { reason, domain, metadata } = detail ?? {};
      const { '@type': _, ...expected } = errorInfo;
      same('the detail', { reason, domain, metadata: { ...metadata } }, expected);
    },
  },
  {
    id: 'cause',
    title: 'The error of the client itself is kept as `cause`',
    run: async ({ client, fake, operationName }) => {
      fake.fail({ status: { code: Code.PERMISSION_DENIED, message: 'Not yours.' } });
      const call = getOperation(client, operationName('a'), quick);
      const { cause } = await failureOf(call, CallFailedError);
      holds(`the cause is an Error, not ${String(cause)}`, cause instanceof Error);
    },
  },
  {
    id: 'final-errors',
    title: 'Final errors are not retried',
    run: async ({ client, fake, operationName }) => {
      const codes = [Code.INVALID_ARGUMENT, Code.PERMISSION_DENIED, Code.UNAUTHENTICATED];
      for (const code of codes) {
        fake.fail({ status: { code, message: 'No.' } });
        const wait = waitForDone(client, operationName('a'), quick);
        same('the code', (await failureOf(wait, CallFailedError)).code, code);
      }
      same('the number of calls', fake.calls.length, codes.length);
    },
  },
  {
    id: 'transient-storm',
    title: 'A storm of transient errors is survived, one call for each',
    run: async (context) => {
      const { fake } = context;
      const codes = [
        Code.UNAVAILABLE,
        Code.RESOURCE_EXHAUSTED,
        Code.INTERNAL,
        Code.ABORTED,
        Code.DEADLINE_EXCEEDED,
      ];
      for (const code of codes) fake.fail({ status: { code, message: 'Try again.' } });
      await expectPages(context);
      same('the number of calls', fake.calls.length, codes.length + 1);
    },
  },
  {
    id: 'retry-info',
    title: 'RetryInfo is a floor for the delay',
    run: async (context) => {
      const { fake, time } = context;
      const delays: number[] = [];
      const onEvent = (event: OperationEvent): void => {
        if (event.type === 'retry') delays.push(event.delay);
      };
      // Whole seconds are all that the header `Retry-After` can say.
      fake.fail({ retryAfter: 1_000 });
      await Promise.all([
        expectPages(context, {}, { ...quick, scheduler: time, onEvent }),
        advanceWhen(context, 'the failure arrives', () => delays.length === 1),
      ]);
      same('the delays', delays, [1_000]);
    },
  },
  {
    id: 'hang',
    title: 'A call that hangs is aborted, and the next one succeeds',
    run: async (context) => {
      const { fake, time } = context;
      fake.fail({ hang: true });
      await Promise.all([
        expectPages(context, {}, { ...quick, callTimeout: 60_000, scheduler: time }),
        // Enough for the next call to begin, and too little for it to time out as well.
        advanceWhen(context, 'the call is in progress', () => fake.inFlight === 1, 61_000),
      ]);
      await until(fake, 'the server sees that the call was aborted', () => fake.inFlight === 0);
      same(
        'which calls were aborted',
        fake.calls.map(({ aborted }) => aborted),
        [true, false],
      );
    },
  },
  {
    id: 'connection-breaks',
    title: 'A connection that breaks is survived',
    run: async (context) => {
      context.fake.fail({ network: true, times: 2 });
      await expectPages(context);
      same('the number of calls', context.fake.calls.length, 3);
    },
  },
  {
    id: 'server-gone',
    title: 'A server that is gone is a transient failure',
    run: async ({ client, start, kill }) => {
      const { name } = start({});
      await getOperation(client, name, quick);
      await kill();
      const retry = { ...quick.retry, numOfAttempts: 2 };
      const call = getOperation(client, name, { ...quick, retry });
      const failure = await failureOf(call, CallFailedError);
      holds(`it is transient: ${failure.message}`, isTransient(failure));
    },
  },
  {
    id: 'not-found-before',
    title: 'NOT_FOUND before the first answer is survived',
    run: async ({ client, fake, start, plain }) => {
      const { name } = start({ response: { pages: 12 } });
      fake.fail({ status: { code: Code.NOT_FOUND }, times: 2 });
      const response = await waitForDone(client, { name, done: false }, quick);
      same('the response', plain(response), { pages: 12 });
      same('the number of calls', fake.calls.length, 3);
    },
  },
  {
    id: 'not-found-after',
    title: 'NOT_FOUND after the first answer is final',
    run: async ({ client, fake, start }) => {
      const { name } = start({});
      const wait = failureOf(waitForDone(client, name, quick), CallFailedError);
      await until(fake, 'it was seen', () => fake.calls.length > 1);
      await fake.client.delete({ name });
      const failure = await wait;
      same('the code', failure.code, Code.NOT_FOUND);
      same('the name of the operation', failure.operation?.name, name);
    },
  },
];
