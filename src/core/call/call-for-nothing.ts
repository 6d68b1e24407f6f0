import { EMPTY } from 'rxjs';
import type { OperationsClient } from '../client.js';
import type { RequestOptions } from '../options.js';
import { resolveCallSettings } from './settings.js';
import { checkCall } from './check-client.js';
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
  await runToPromise<undefined>(settings.signal, (task, onAnswer, onFailed) =>
    runCall(
      task,
      client,
      method,
      {
        name,
        offers: () => client[method] != null,
        start: (_, callOptions) => client[method]?.({ name }, callOptions) ?? EMPTY,
        read: () => undefined,
        onAnswer,
        onFailed,
      },
      settings,
    ),
  );
}
