import { poll } from 'rx-lro';
import { fleetClient, type FleetOptions } from 'rx-lro/fleet';
import { VirtualTime } from 'rx-lro/testing';
import { describe, expect, it } from 'vitest';
import { ScriptedClient } from '../support/scripted-client.js';

/** When a fleet asks about an operation whose service says when it wants to be asked next. */
async function timesOf(options: FleetOptions): Promise<readonly number[]> {
  const time = new VirtualTime();
  const name = 'operations/1';
  const { client, calls } = new ScriptedClient(time, {
    get: [{ value: { name, pollAfter: 30_000 } }, { value: { name, pollAfter: '1' } }],
  });
  const fleet = fleetClient(client, { scheduler: time, ...options });
  const wait = poll(fleet, name, { scheduler: time }).subscribe();
  await time.advance(31_500);
  wait.unsubscribe();
  return calls.map((call) => call.time);
}

describe('`pollAfter` of an answer to a fleet', () => {
  it('replaces the delay of the default backoff [report 16]', async () => {
    expect(await timesOf({})).toEqual([0, 30_000, 31_000]);
  });

  it('is the least delay of a backoff that the caller gave [report 16]', async () => {
    expect(await timesOf({ backoff: () => 20_000 })).toEqual([0, 30_000]);
  });
});
