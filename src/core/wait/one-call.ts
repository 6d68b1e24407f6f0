import { Observable, firstValueFrom } from 'rxjs';
import { checkCall } from '../call/check-client.js';
import type { Method, OperationsClient } from '../client.js';
import type { PollOptions } from '../options.js';
import { resolveOptions, type Settings } from '../settings.js';
import type { Reader } from './knowledge.js';
import { Wait } from './wait.js';

/**
 * Fills the options of calls that are made for their own sake, and checks them. The signal gives up the
 * call.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveCallOptions(client: OperationsClient, options: PollOptions): Settings {
  const settings = resolveOptions(client, options);
  return { ...settings, notifier: undefined, onAbort: 'detach', timeout: Infinity };
}

/**
 * One call, with its retries. It emits what was answered: an operation, or what `read` makes of it.
 *
 * @internal
 */
export function oneCall(
  client: OperationsClient,
  method: Method,
  request: { readonly name: string },
  settings: Settings,
  read?: Reader,
): Observable<unknown> {
  return new Observable((subscriber) => {
    const wait = new Wait(client, settings, subscriber);
    subscriber.add(() => wait.stop());
    wait.ask(method, request, read);
  });
}

/**
 * The same as a promise, about one operation.
 *
 * @internal
 */
export async function callOnce(
  client: OperationsClient,
  method: Method,
  name: string,
  options: PollOptions,
): Promise<unknown> {
  checkCall(client, name);
  return firstValueFrom(oneCall(client, method, { name }, resolveCallOptions(client, options)));
}
