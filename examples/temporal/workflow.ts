import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import { responseOf } from 'rx-lro/step';
import type { operationActivities } from './activities.js';

// Attempts are not limited by default. One makes two calls at the most, each of up to `callTimeout`.
const { waitForOperation } = proxyActivities<ReturnType<typeof operationActivities>>({
  startToCloseTimeout: '3 minutes',
});

/** Waits for a film. When the workflow is cancelled, so is the operation, and the server says how it ended. */
export async function film(name: string): Promise<unknown> {
  const verdict = await waitForOperation('film', name).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
    return CancellationScope.nonCancellable(() =>
      waitForOperation('film', name, 'The workflow was cancelled.'),
    );
  });
  try {
    return responseOf(verdict);
  } catch (error) {
    // Any other error would make Temporal run this code again instead of ending the workflow.
    throw ApplicationFailure.fromError(error, { nonRetryable: true });
  }
}
