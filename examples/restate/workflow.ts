import {
  RestatePromise,
  workflow,
  type WorkflowContext,
  type WorkflowSharedContext,
} from '@restatedev/restate-sdk';
import type { OperationsClient } from 'rx-lro';
import {
  newWait,
  pollOnce,
  withCancel,
  type PollOnceOptions,
  type PollStep,
  type Verdict,
} from 'rx-lro/step';

/** A workflow for each operation, whose key is the name. */
export function operationWorkflow(client: OperationsClient, options: PollOnceOptions = {}) {
  return workflow({
    name: 'operation',
    handlers: {
      /** Waits for the verdict, which is JSON: `responseOf` reads it. */
      run: async (context: WorkflowContext): Promise<Verdict> => {
        let state = newWait(context.key, await context.date.now());
        const cancelled = context.promise<string>('cancel').get();
        for (;;) {
          const current = state;
          const step = await context.run('poll', async () => {
            // The same for the first run and for what is replayed from the journal.
            const taken = await pollOnce(client, current, options);
            return JSON.parse(JSON.stringify(taken)) as PollStep;
          });
          if (step.verdict !== undefined) return step.verdict;
          ({ state } = step);
          const delay = context.sleep(Math.ceil(step.delay));
          if (state.cancel !== undefined) {
            await delay;
            continue;
          }
          const reason = await RestatePromise.race([delay.map(() => undefined), cancelled]);
          if (reason !== undefined) state = withCancel(state, reason);
        }
      },
      /** Has the operation cancelled; `run` waits for what the server makes of it. */
      cancel: async (context: WorkflowSharedContext, reason: string): Promise<void> => {
        await context.promise<string>('cancel').resolve(reason);
      },
    },
  });
}
