import { fork, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

import { findProgram } from './find-program.js';

const running = new Set<ChildProcess>();
const scripts = new Set<Spawned>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that has been started, and what it wrote. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly pid: number;
  /** All that it wrote to both of its streams. */
  readonly output: () => string;
  readonly hasEnded: () => boolean;
}

/**
 * Starts a program that does not outlive this process, however this one ends: where `setpriv` is, the kernel sees
 * to it.
 */
export function startProgram(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Spawned {
  const setpriv = findProgram('setpriv');
  const command = setpriv === undefined ? [program] : [setpriv, '--pdeathsig', 'KILL', program];
  const [name = program, ...before] = command;
  return watch(
    spawn(name, [...before, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

/** Starts a script of Node that can be talked to. It has to end by itself when it is disconnected. */
export function startScript(path: string, env: Readonly<Record<string, string>>): Spawned {
  const script = watch(
    fork(path, {
      // No loader and no flag of this process.
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    }),
  );
  scripts.add(script);
  return script;
}

function watch(child: ChildProcess): Spawned {
  const parts: string[] = [];
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', (error) => {
    running.delete(child);
    parts.push(String(error));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  }
  return {
    child,
    pid: child.pid ?? -1,
    output: () => parts.join(''),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined,
  };
}

/** The next message of a script that is of some kind. Rejects when the script ends before. */
export async function messageOf<Message extends { readonly kind: string }>(
  { child, output, hasEnded }: Spawned,
  kind: Message['kind'],
): Promise<Message> {
  if (hasEnded()) throw new Error(`The process has ended:\n${output()}`);
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if ((message as Message).kind !== kind) return;
      settle();
      resolve(message as Message);
    };
    const onExit = (): void => {
      settle();
      reject(new Error(`The process has ended:\n${output()}`));
    };
    const settle = (): void => {
      child.off('message', onMessage).off('exit', onExit);
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}

/** Ends a process by a signal, and waits until it has gone. */
export async function endProcess(
  { child, hasEnded }: Spawned,
  signal: NodeJS.Signals,
): Promise<void> {
  if (hasEnded()) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** Ends all scripts that still run, as after a test that failed. */
export async function endScripts(): Promise<void> {
  await Promise.all([...scripts].map((script) => endProcess(script, 'SIGKILL')));
  scripts.clear();
}

/** How many of the processes that were started here still run. */
export function runningProcesses(): number {
  return running.size;
}
