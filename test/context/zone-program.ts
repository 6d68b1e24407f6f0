// Runs waits in zones, and prints in which zone each thing was. A program of its own: zone.js patches the
// promises and timers of its whole process.
// oxlint-disable-next-line import/no-unassigned-import -- it patches, and exports nothing
import 'zone.js';

import { setTimeout as sleep } from 'node:timers/promises';

import { poll, type OperationsClient } from 'rx-lro';
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
  const fleet = await runFleet();
  console.log(JSON.stringify({ verbs: ofVerbs, fleet, shared: await runWithOneSignal() }));
}

/** Where two waits with one signal act that is aborted elsewhere. */
async function runWithOneSignal(): Promise<Record<string, string[]>> {
  const stop = new AbortController();
  const seen: Record<string, string[]> = { A: [], B: [] };
  const waits = Object.entries(seen).map(([zone, zones]) => {
    const note = (): void => void zones.push(here());
    let isCancelled = false;
    const client: OperationsClient = {
      get: () => {
        note();
        return Promise.resolve({ name, done: isCancelled });
      },
      cancel: () => {
        note();
        isCancelled = true;
        return Promise.resolve({});
      },
    };
    return new Promise<void>((resolve) => {
      const complete = (): void => {
        note();
        resolve();
      };
      const settings = { ...options, signal: stop.signal };
      const begin = (): unknown =>
        poll(client, name, settings).subscribe({ next: note, error: complete, complete });
      Zone.root.fork({ name: zone }).run(begin);
    });
  });
  await sleep(20);
  Zone.root.fork({ name: 'admin' }).run(() => stop.abort());
  await Promise.all(waits);
  return seen;
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
