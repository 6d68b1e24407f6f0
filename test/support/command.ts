import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { root } from './entry-points.js';
import { startHttpServer, type Handler, type HttpServer } from './http-server.js';

/** How a process ended, and what it wrote. */
interface Ended {
  /** Its exit code; the name of the signal when it did not end by itself. */
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the command `rx-lro`. */
export interface CommandProcess {
  readonly ended: Promise<Ended>;
  /** What it has written to stderr so far. */
  readonly stderr: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves as soon as it has written a text to stderr; rejects when it ends before. */
  readonly until: (text: string) => Promise<void>;
  /** Closes what reads from it. */
  readonly close: (stream: 'stdout' | 'stderr') => void;
}

/** The command in one file, which starts in a tenth of the time that a compiler of modules takes. */
export class BuiltCommand {
  readonly folder: string;
  readonly file: string;
  readonly #running: ChildProcess[] = [];
  readonly #servers: HttpServer[] = [];

  constructor() {
    // Beneath the package, where the command finds its version.
    mkdirSync(join(root, 'temp'), { recursive: true });
    this.folder = mkdtempSync(join(root, 'temp', 'command-'));
    this.file = join(this.folder, 'rx-lro.mjs');
  }

  async build(): Promise<void> {
    await build({
      entryPoints: [join(root, 'src/cli/bin.ts')],
      outfile: this.file,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  }

  /** Starts a server for it, which ends with it. @returns Where it listens. */
  async serve(handler: Handler): Promise<string> {
    const server = await startHttpServer(handler);
    this.#servers.push(server);
    return server.url;
  }

  /** Starts it, with all its streams as pipes. */
  start(...args: readonly string[]): CommandProcess {
    const child = spawn(process.execPath, [this.file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
      code: code ?? signal,
      stdout,
      stderr,
    }));
    const until = async (text: string): Promise<void> => {
      while (!stderr.includes(text)) {
        const isOver = await Promise.race([
          once(child.stderr, 'data').then(() => false),
          ended.then(() => true),
        ]);
        if (isOver) throw new Error(`It ended without ${JSON.stringify(text)}: ${stdout}${stderr}`);
      }
    };
    return {
      ended,
      stderr: () => stderr,
      signal: (signal) => void child.kill(signal),
      until,
      close: (stream) => void child[stream].destroy(),
    };
  }

  /** Ends what still runs, and removes the file. */
  async remove(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}
