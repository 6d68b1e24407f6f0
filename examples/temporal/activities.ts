import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { OperationsClient } from 'rx-lro';
import {
  newWait,
  pollOnce,
  withCancel,
  type PollOnceOptions,
  type Verdict,
  type WaitState,
} from 'rx-lro/step';

/** What is needed to wait for operations of a kind. */
export interface Kind extends PollOnceOptions {
  readonly client: OperationsClient;
}

/** The activities of a worker. A workflow names a kind: clients and options are code. */
export function operationActivities(kinds: Readonly<Record<string, Kind>>) {
  return {
    /**
     * Waits for an operation. Each attempt is one step: no slot of the worker is held in between, and attempts add nothing to the
     * history of the workflow.
     *
     * @param cancel - Why the operation is to be cancelled; then the server's verdict is waited for.
     */
    async waitForOperation(kind: string, name: string, cancel?: string): Promise<Verdict> {
      const { info, cancellationSignal } = Context.current();
      const known = kinds[kind];
      if (known === undefined) throw new Error(`This worker does not know the kind ${kind}.`);
      const { client, ...options } = known;
      const state =
        (info.heartbeatDetails as WaitState | undefined) ??
        newWait(name, info.scheduledTimestampMs);
      const current = cancel === undefined ? state : withCancel(state, cancel);
      const step = await pollOnce(client, current, { ...options, signal: cancellationSignal });
      if (step.verdict !== undefined) return step.verdict;
      // It is sent with the failure, and the next attempt finds it, on any worker.
      Context.current().heartbeat(step.state);
      throw ApplicationFailure.create({
        type: 'NotDone',
        message: `Operation ${name} is not done.`,
        nextRetryDelay: Math.ceil(step.delay),
        // It does not count as a failure in logs and metrics.
        category: ApplicationFailureCategory.BENIGN,
      });
    },
  };
}
