import { progressOf, type Operation } from 'rx-lro';

/** What is shown of a film. */
export interface Film {
  readonly name: string;
  /** The latest snapshot that the web server told of. */
  operation?: Operation | undefined;
  /** The worker that made the latest call. */
  by?: string | undefined;
  /** What who waits for the result was told. */
  result?: string | undefined;
}

/** What is shown of a worker. */
export interface WorkerView {
  readonly title: string;
  calls: number;
  state: string;
}

const WIDTH = 24;

/** Draws all films and workers again in the same place of a terminal; writes nothing where there is none. */
export class View {
  readonly #screen: NodeJS.WriteStream;
  #height = 0;

  constructor(screen: NodeJS.WriteStream) {
    this.#screen = screen;
  }

  draw(films: readonly Film[], workers: readonly WorkerView[]): void {
    if (!this.#screen.isTTY) return;
    const lines = [...workers.map(workerLine), '', ...films.map(filmLine)];
    this.#clear();
    this.#screen.write(`${lines.join('\n')}\n`);
    this.#height = lines.length;
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.#clear();
    this.#screen.write(`${text}\n`);
  }

  #clear(): void {
    if (this.#height > 0) this.#screen.write(`\u001B[${this.#height}A\u001B[J`);
    this.#height = 0;
  }
}

function workerLine({ title, calls, state }: WorkerView): string {
  return `  ${title}  ${String(calls).padStart(4)} calls  ${state}`;
}

function filmLine({ name, operation, by = '', result }: Film): string {
  const share = operation === undefined ? 0 : (progressOf(operation) ?? 0);
  const full = Math.round(share * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  return `  ${name.padEnd(14)} ${bar} ${(result ?? by).slice(0, 30)}`;
}
