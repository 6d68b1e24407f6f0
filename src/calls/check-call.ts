import type { OperationsClient } from '../client/client.js';
import { checkObject, wrongType } from '../options/check.js';

/**
 * Checks what every call is given.
 *
 * @throws TypeError or RangeError that says what is wrong.
 * @internal
 */
export function checkCall(client: OperationsClient, name: unknown): void {
  checkObject('client', client, ['get']);
  if (typeof name !== 'string') throw wrongType('name', name, 'a text');
  if (name === '') throw new RangeError('The name of the operation must not be empty.');
}
