import { setImmediate } from 'node:timers/promises';

import { of } from 'rxjs';
import { expect, it } from 'vitest';
import { poll, waitForDone, type OperationsClient } from 'rx-lro';

const name = 'operations/1';

it('a call that fails leaves no rejection without an owner, even after its wait was left [pain 3]', async () => {
  const unowned: unknown[] = [];
  const note = (reason: unknown): void => void unowned.push(reason);
  process.on('unhandledRejection', note);
  try {
    const rejections: ((reason: unknown) => void)[] = [];
    const client: OperationsClient = {
      get: () => new Promise((_, reject) => rejections.push(reject)),
    };
    const heard: unknown[] = [];
    const hear = (error: unknown): void => void heard.push(error);
    poll(client, name).subscribe({ error: hear });
    const left = poll(client, name).subscribe({ error: hear });
    const waiting = waitForDone(client, name).catch(hear);
    const late = waitForDone(client, name, { timeout: 1 }).catch(hear);
    await late;
    left.unsubscribe();
    for (const reject of rejections) reject({ code: 7, message: 'not yours' });
    await waiting;
    await setImmediate();
    expect(rejections).toHaveLength(4);
    expect(heard).toMatchObject([{ kind: 'wait-timeout' }, { code: 7 }, { code: 7 }]);
    expect(unowned).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

it('a delay holds the process, until the wait is left [polling 2] [polling 4] [polling 5]', () => {
  const before = timersThatHold();
  const wait = poll({ get: () => of({ name }) }, name, { timeout: 1e6 }).subscribe();
  // The delay, the time limit, and the one that the wait has for its calls.
  expect(timersThatHold()).toBe(before + 3);
  wait.unsubscribe();
  expect(timersThatHold()).toBe(before);
});

/** How many timers there are that were not unref'ed. */
function timersThatHold(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
}
