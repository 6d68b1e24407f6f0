import { cancelOperation } from '../../core/cancel-operation.js';
import { CancelNotConfirmedError } from '../../core/errors/cancel-not-confirmed-error.js';
import { OperationFailedError } from '../../core/errors/operation-failed-error.js';
import { Code } from '../../core/status/code.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same, until } from './check.js';
import { countOf, expectPages, quick, type ConformanceScenario } from './scenario.js';

/** What becomes of a cancel. */
export const cancels: readonly ConformanceScenario[] = [
  {
    id: 'cancel-honoured',
    title: 'A cancel that is honoured: the verdict is CANCELLED',
    run: async ({ client, fake, start }) => {
      const { name } = start({ cancelAfter: 40 });
      const controller = new AbortController();
      const wait = waitForDone(client, name, { ...quick, signal: controller.signal });
      const failed = failureOf(wait, OperationFailedError);
      await until('it was seen', () => countOf(fake, 'get') > 0);
      controller.abort();
      same('the code', (await failed).code, Code.CANCELLED);
      same('the number of cancels', countOf(fake, 'cancel'), 1);
    },
  },
  {
    id: 'cancel-ignored',
    title: 'A cancel that is ignored: the response arrives',
    run: async ({ client, fake, start, plain }) => {
      const { name } = start({ duration: 400, response: { pages: 12 }, onCancel: 'ignore' });
      const controller = new AbortController();
      const wait = waitForDone(client, name, { ...quick, signal: controller.signal });
      await until('it was seen', () => countOf(fake, 'get') > 0);
      controller.abort();
      same('the response', plain(await wait), { pages: 12 });
      same('the number of cancels', countOf(fake, 'cancel'), 1);
    },
  },
  {
    id: 'cancel-unimplemented',
    title: 'A cancel that is UNIMPLEMENTED: said so, nothing made up',
    run: async ({ client, start }) => {
      const { name } = start({ onCancel: 'refuse' });
      const signal = AbortSignal.abort();
      const wait = waitForDone(client, name, { ...quick, signal });
      const failure = await failureOf(wait, CancelNotConfirmedError);
      same('the code', failure.code, Code.UNIMPLEMENTED);
      same('the name of the operation', failure.operation?.name, name);
    },
  },
  {
    id: 'cancel-late',
    title: 'A cancel that comes too late: the response arrives',
    run: async (context) => {
      const { fake } = context;
      // The first one breaks on its way, and by the second the operation is done.
      fake.fail({ method: 'cancel', status: { code: Code.UNAVAILABLE } });
      const retry = { ...quick.retry, startingDelay: 120, maxDelay: 120 };
      const options = { ...quick, retry, signal: AbortSignal.abort() };
      await expectPages(context, { duration: 60 }, options);
      holds('a cancel was sent', countOf(fake, 'cancel') > 0);
    },
  },
  {
    id: 'cancel-twice',
    title: 'A cancel whose answer is lost is sent again',
    run: async ({ client, fake, start }) => {
      const { name } = start({});
      fake.fail({ method: 'cancel', network: true, afterEffect: true });
      await cancelOperation(client, name, quick);
      same('the number of cancels', countOf(fake, 'cancel'), 2);
    },
  },
];
