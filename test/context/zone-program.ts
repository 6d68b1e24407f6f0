// Runs waits in zones, and prints in which zone each thing was. A program of its own: zone.js patches the
// promises and timers of its whole process.
// oxlint-disable-next-line import/no-unassigned-import -- it patches, and exports nothing
import 'zone.js/node';

import { setTimeout as sleep } from 'node:timers/promises';

import { poll } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { hangFirst, name, options, scriptedClient, verbs, type OnCall } from './verbs.js';

/** In which zones the calls and the events of one who asks were, in their order. */
interface Seen {
  readonly calls: string[];
  readonly events: string[];
}

interface Zone {
  readonly name: string;
  fork(spec: { readonly name: string }): Zone;
  run<Result>(work: () => Result): Result;
}

// Its own types would be those of every file of the tests.
declare const Zone: { readonly current: Zone; readonly root: Zone };

type Run = (typeof verbs)[number][1];

const here = (): string => Zone.current.name;

async function runIn(zone: string, run: Run, onCall: OnCall): Promise<Seen> {
  const seen: Seen = { calls: [], events: [] };
  const client = scriptedClient((call) => {
    seen.calls.push(here());
    return onCall(call);
  });
  const onEvent = (): void => void seen.events.push(here());
  await Zone.root.fork({ name: zone }).run(() => run(client, onEvent));
  return seen;
}

async function runAll(): Promise<void> {
  const ofVerbs: Record<string, { readonly a: Seen; readonly b: Seen }> = {};
  for (const [verb, run] of verbs) {
    const earlier = runIn('A', run, hangFirst);
    await sleep(20);
    const later = runIn('B', run, hangFirst);
    const [a, b] = await Promise.all([earlier, later]);
    ofVerbs[verb] = { a, b };
  }
  console.log(JSON.stringify({ verbs: ofVerbs, fleet: await runFleet() }));
}

async function runFleet(): Promise<{ readonly calls: string[]; readonly told: string[] }> {
  const calls: string[] = [];
  const told: string[] = [];
  const client = scriptedClient((call) => {
    calls.push(here());
    return hangFirst(call);
  });
  const { callTimeout, backoff } = options;
  const fleet = Zone.root
    .fork({ name: 'fleet' })
    .run(() => fleetClient(client, { callTimeout, backoff, callsPerSecond: 1000 }));
  await Zone.root.fork({ name: 'A' }).run(
    () =>
      new Promise<void>((resolve, reject) => {
        const next = (): void => void told.push(here());
        poll(fleet, name, options).subscribe({ next, complete: resolve, error: reject });
      }),
  );
  return { calls, told };
}

void runAll();
