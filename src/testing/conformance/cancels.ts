import { cancelOperation } from '../../core/cancel-operation.js';
import { CancelNotConfirmedError } from '../../core/errors/cancel-not-confirmed-error.js';
import { OperationFailedError } from '../../core/errors/operation-failed-error.js';
import { Code } from '../../core/status/code.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same, until } from './check.js';
import {
  advanceWhen,
  countOf,
  expectPages,
  methodsOf,
  quick,
  type ConformanceContext,
  type ConformanceScenario,
} from './scenario.js';

/**
 * Waits, cancels once the operation was seen, and lets time pass once it is requested after the cancel.
 */
async function cancelWhenSeen(context: ConformanceContext, name: string): Promise<unknown> {
  const { client, fake } = context;
  const controller = new AbortController();
  const wait = waitForDone(client, name, { ...quick, signal: controller.signal });
  const cancel = async (): Promise<void> => {
    await until(fake, 'it was seen', () => countOf(fake, 'get') > 0);
    controller.abort();
    await advanceWhen(context, 'it is requested after the cancel', () => {
      const methods = methodsOf(fake);
      return methods.includes('cancel') && methods.at(-1) === 'get';
    });
  };
  const [response] = await Promise.all([wait, cancel()]);
  return response;
}

/** The effects of a cancel. */
export const cancels: readonly ConformanceScenario[] = [
  {
    id: 'cancel-honoured',
    title: 'A cancel that is honoured: the verdict is CANCELLED',
    run: async (context) => {
      const { name } = context.start({ cancelAfter: 1_000 });
      const failure = await failureOf(cancelWhenSeen(context, name), OperationFailedError);
      same('the code', failure.code, Code.CANCELLED);
      same('the number of cancels', countOf(context.fake, 'cancel'), 1);
    },
  },
  {
    id: 'cancel-ignored',
    title: 'A cancel that is ignored: the response arrives',
    run: async (context) => {
      const { fake, start, plain } = context;
      const script = { duration: 1_000, response: { pages: 12 }, onCancel: 'ignore' } as const;
      const response = await cancelWhenSeen(context, start(script).name);
      same('the response', plain(response), { pages: 12 });
      same('the number of cancels', countOf(fake, 'cancel'), 1);
    },
  },
  {
    id: 'cancel-unimplemented',
    title: 'A cancel that is UNIMPLEMENTED: the error says so',
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
      await expectPages(context, {}, { ...quick, signal: AbortSignal.abort() });
      holds('a cancel was sent', countOf(context.fake, 'cancel') > 0);
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
