import type { OperationsClient } from '../client/client.js';
import { resolveCallSettings, type RequestOptions } from '../options/request-options.js';
import { checkCall } from '../client/check-client.js';
import { runCall, runToPromise } from './run.js';

/**
 * Makes a call whose answer says nothing but that it was taken.
 *
 * @internal
 */
export async function callForNothing(
  method: 'cancel' | 'delete',
  client: OperationsClient,
  name: string,
  options: RequestOptions,
): Promise<void> {
  checkCall(client, name);
  const settings = resolveCallSettings(options);
  const call = client[method]?.bind(client);
  await runToPromise<undefined>(options.signal, (task, onAnswer, onFailed) =>
    runCall(
      task,
      { read: () => undefined, onAnswer, onFailed },
      { method, name, start: call && ((callOptions) => call({ name }, callOptions)) },
      settings,
    ),
  );
}
