import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';

import type { Engine } from '../../support/durable/engine.js';
import { summaryOf, type Summary } from '../../support/durable/operation-record.js';
import { setScene } from '../../support/durable/scene.js';
import { until } from '../../support/durable/until.js';
import { atMost, plain, type Figure } from './figure.js';

/** Few waits on an engine beside as many by `waitForDone` in one process, at the same time. */
export async function measureCalls(engine: Engine): Promise<readonly Figure[]> {
  const scene = await setScene(engine, 'calls', 2);
  const { service } = scene;
  const client = restClient({ baseUrl: service.url });
  const request = { count: 30, shortest: 10_000, longest: 30_000 };
  const durable = await service.start({ prefix: 'durable', ...request });
  const inProcess = await service.start({ prefix: 'in-process', ...request });
  await Promise.all([
    scene.addAll(durable),
    ...inProcess.map(async (name) => {
      await waitForDone(client, name);
      await service.run({ name, key: name, outcome: 'done' });
    }),
  ]);
  await until(async () => (await service.summary()).handled === 60, {
    within: 60_000,
    what: 'all are handled',
  });
  const records = await service.records();
  const of = (prefix: string): Summary =>
    summaryOf(records.filter(({ name }) => name.startsWith(`operations/${prefix}`)));
  const [one, other] = [of('durable'), of('in-process')];
  await scene.close();
  return [
    atMost('calls beside those of `waitForDone`', one.calls / other.calls, 1.05, ' x'),
    atMost(
      'later than by `waitForDone`, in the mean',
      one.delay.mean - other.delay.mean,
      250,
      ' ms',
    ),
    plain('calls for each operation', one.calls / 30),
    plain('delay of a result: mean', `${(one.delay.mean / 1000).toFixed(2)} s`),
  ];
}
