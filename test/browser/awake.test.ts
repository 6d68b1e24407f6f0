import { firstValueFrom, timer } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { waitForDone, type OperationsClient } from 'rx-lro';
import { awake } from '../../examples/browser/awake.js';

const name = 'operations/1';

afterEach(() => {
  vi.restoreAllMocks();
});

/** An operation that is done with the second call; the delay between the calls is a minute. */
function wait(): { readonly result: Promise<unknown>; readonly calls: () => number } {
  let calls = 0;
  const client: OperationsClient = {
    get: async () => {
      calls += 1;
      return { name, done: calls > 1, ...(calls > 1 && { response: 'film' }) };
    },
  };
  const options = { notifier: awake(), backoff: { startingDelay: 60_000 } };
  return { result: waitForDone(client, name, options), calls: () => calls };
}

it('asks once the network is back', async () => {
  const { result, calls } = wait();
  window.dispatchEvent(new Event('offline'));
  await firstValueFrom(timer(300));
  expect(calls()).toBe(1);
  window.dispatchEvent(new Event('online'));
  expect(await result).toBe('film');
});

it('asks once the page is seen again, and not when it is hidden', async () => {
  const { result, calls } = wait();
  show('hidden');
  await firstValueFrom(timer(300));
  expect(calls()).toBe(1);
  show('visible');
  expect(await result).toBe('film');
});

function show(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}
