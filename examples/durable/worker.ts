/** A worker: takes the steps of all waits, together with the other workers of the queue. */
import { operationWorker } from 'rx-lro/bullmq';
import { restClient } from 'rx-lro/rest';

const { SERVICE_URL = '', REDIS = '', QUEUE = '' } = process.env;

const worker = operationWorker({
  queue: QUEUE,
  connection: { url: REDIS },
  kinds: {
    film: {
      client: restClient({ baseUrl: SERVICE_URL }),
      timeout: 60_000,
      onEvent: ({ type, name }) => {
        if (type === 'answer') process.send?.({ asked: name });
      },
    },
  },
  callsPerSecond: 20,
  // At least once, with the same key: a database would take it as a unique key.
  onDone: ({ name, key }) => process.send?.({ handled: name, key }),
});

process.send?.({ isReady: true });
process.once('disconnect', () => void worker.close());
