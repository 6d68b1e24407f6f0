import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What an example did. */
export interface ExampleRun {
  /** Its exit code; the name of the signal when it did not end by itself. */
  readonly code: unknown;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs an example in a process of its own, as its reader would.
 *
 * @param flags - Of Node.
 */
export function runExample(name: string, ...flags: readonly string[]): Promise<ExampleRun> {
  const args = [...flags, '--import', 'tsx', `examples/${name}.ts`];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, timeout: 60_000 }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), output, errors });
    });
  });
}
