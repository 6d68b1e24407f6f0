import type { OperationsClient } from '../client.js';
import { checkFunction, checkNumber, checkObject, wrongType } from '../values/check.js';

const optionalMethods = ['list', 'cancel', 'delete', 'wait'] as const;

/**
 * Checks that something is a client.
 *
 * @throws TypeError that says what is wrong.
 * @internal
 */
export function checkClient(client: OperationsClient): void {
  checkObject('client', client, ['get']);
  for (const method of optionalMethods) {
    if (client[method] != null) checkFunction(`client.${method}`, client[method]);
  }
  if (client.pacing == null) return;
  checkObject('client.pacing', client.pacing);
  const { callsPerSecond } = client.pacing;
  if (callsPerSecond != null) {
    checkNumber('client.pacing.callsPerSecond', callsPerSecond, { above: 0, infinite: true });
  }
}

/**
 * Checks the arguments of every call.
 *
 * @throws TypeError or RangeError that says what is wrong.
 * @internal
 */
export function checkCall(client: OperationsClient, name: unknown): void {
  checkClient(client);
  if (typeof name !== 'string') throw wrongType('name', name, 'a string');
  if (name === '') throw new RangeError('The name of the operation must not be empty.');
}
