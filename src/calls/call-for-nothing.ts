import type { OperationsClient } from '../client/client.js';
import { callWithRetry } from '../client/retrying-call.js';
import { resolveCallSettings, type RequestOptions } from '../options/request-options.js';
import { checkCall } from '../client/check-client.js';
import { runToPromise } from './run.js';

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
    callWithRetry(
      task,
      {
        method,
        name,
        start: call && ((callOptions) => call({ name }, callOptions)),
        read: () => undefined,
        onAnswer,
        onFailed,
      },
      settings,
    ),
  );
}
