// Runs scripts one after the other, each until nothing is left that would keep its process alive, and writes
// what each has printed. Arguments: the world, the file for the report, the scripts.

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

/** What a script has printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

const [world = '', report = '', ...scripts] = process.argv.slice(2);
const results: Printed[] = [];
let printed = { stdout: '', stderr: '' };

for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (text: string | Uint8Array): boolean => {
    printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };
}

const note = (error: unknown): void => void (printed.stderr += `${inspect(error)}\n`);
process.on('unhandledRejection', note);
process.on('uncaughtException', note);

// Node has listeners of its own here.
const known = new Set(process.rawListeners('newListener'));

let next = 0;

// Emitted when the event loop is empty, and again when what was begun then is over.
process.on('beforeExit', () => {
  if (next > 0) results.push({ stdout: printed.stdout.trimEnd(), stderr: printed.stderr });
  const script = scripts[next];
  next += 1;
  process.exitCode = 0;
  if (script === undefined) {
    if (next === scripts.length + 1) writeFileSync(report, JSON.stringify(results));
    return;
  }
  printed = { stdout: '', stderr: '' };
  for (const listener of process.rawListeners('newListener')) {
    if (!known.has(listener)) process.off('newListener', listener as () => void);
  }
  process.removeAllListeners('SIGINT');
  // Promises alone would not keep the process until the next time.
  setImmediate(() => undefined);
  void runIn(`${pathToFileURL(world).href}?${next}`, pathToFileURL(script).href).catch(note);
});

/** Each script has a world of its own. */
async function runIn(ownWorld: string, script: string): Promise<void> {
  await import(ownWorld);
  await import(script);
}
