/**
 * Waits as activities of Temporal, in its mock environment, which needs no server:
 * `npm ci --prefix examples/temporal`, then `npx tsx examples/temporal/run.ts`. `workflow.ts` is how a workflow calls them.
 */
import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { isStatusError } from 'rx-lro';
import { responseOf, type Verdict } from 'rx-lro/step';
import { FakeOperations } from 'rx-lro/testing';
import { operationActivities } from './activities.js';

// A service, and what a worker is given.
const fake = new FakeOperations();
const { waitForOperation } = operationActivities({
  film: { client: fake.client, timeout: 60_000 },
});

/** Makes the attempts as the server of Temporal would have workers make them. */
async function attempts(...args: Parameters<typeof waitForOperation>): Promise<Verdict> {
  const scheduledTimestampMs = Date.now();
  let heartbeatDetails: unknown;
  for (let attempt = 1; ; attempt += 1) {
    const info = { attempt, heartbeatDetails, scheduledTimestampMs };
    const environment = new MockActivityEnvironment(info);
    environment.on('heartbeat', (details) => {
      heartbeatDetails = JSON.parse(JSON.stringify(details));
    });
    try {
      const verdict = await environment.run(waitForOperation, ...args);
      return JSON.parse(JSON.stringify(verdict)) as Verdict;
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      const delay = Number(error.nextRetryDelay);
      console.log(`attempt ${attempt}: ${error.message} Next in ${delay} ms.`);
      await setTimeout(delay);
    }
  }
}

const film = fake.start({ duration: 1_000, progress: true, response: { minutes: 90 } });
console.log('The film:', responseOf(await attempts('film', film.name)));

const { name } = fake.start({ duration: 60_000 });
try {
  responseOf(await attempts('film', name, 'The workflow was cancelled.'));
} catch (error) {
  if (!isStatusError(error)) throw error;
  console.log(`${name}: ${error.codeName}`);
}
