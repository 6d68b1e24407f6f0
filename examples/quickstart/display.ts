import { defer, finalize, tap, type Observable } from 'rxjs';
import { progressOf, type Operation } from 'rx-lro';

const looks = {
  heading: { mark: '', color: 1 },
  blank: { mark: '', color: 0 },
  code: { mark: '     ', color: 2 },
  plain: { mark: '   ', color: 0 },
  note: { mark: '   ! ', color: 33 },
  success: { mark: '   ✔ ', color: 32 },
  failure: { mark: '   ✖ ', color: 31 },
} as const;

const BAR_WIDTH = 30;

/** Where a display writes, such as `process.stdout`. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Lines of text, and at most one progress bar beneath them: live on a terminal, else in lines too. */
export class Display {
  readonly #screen: Screen;
  readonly #isLive: boolean;
  readonly #isColored: boolean;
  #bar: (() => string) | undefined;

  constructor(screen: Screen, environment: NodeJS.ProcessEnv = process.env) {
    this.#screen = screen;
    this.#isLive = screen.isTTY === true && environment['TERM'] !== 'dumb';
    // NO_COLOR counts only when it is not empty: https://no-color.org
    this.#isColored = this.#isLive && !environment['NO_COLOR'];
  }

  /** Begins something new. */
  heading(text: string): void {
    this.line('blank', '');
    this.line('heading', text);
  }

  /** Writes a line, above the progress bar if there is one. */
  line(look: keyof typeof looks, text: string): void {
    const { mark, color } = looks[look];
    // What a server says could move the cursor, or worse.
    const line = mark + text.replaceAll(/\p{Cc}/gu, ' ');
    this.#erase();
    this.#screen.write(this.#isColored ? `\u001B[${color}m${line}\u001B[0m\n` : `${line}\n`);
    this.#draw();
  }

  /** Shows how far the operation is, for as long as it is watched. An operator of RxJS. */
  readonly showProgress = <Snapshot extends Operation>(
    snapshots: Observable<Snapshot>,
  ): Observable<Snapshot> =>
    defer(() => {
      const start = performance.now();
      let latest: Snapshot | undefined;
      const bar = (): string => barOf(latest, performance.now() - start);
      const ticker = this.#begin(bar);
      return snapshots.pipe(
        tap((snapshot) => {
          latest = snapshot;
          if (this.#isLive) this.#draw();
          else this.line('plain', bar());
        }),
        finalize(() => {
          clearInterval(ticker);
          this.endProgress();
        }),
      );
    });

  /** Leaves the progress bar as it is; the next line comes beneath it. */
  endProgress(): void {
    if (this.#bar === undefined) return;
    this.#draw();
    this.#bar = undefined;
    this.#screen.write('\n');
  }

  #begin(bar: () => string): NodeJS.Timeout | undefined {
    if (!this.#isLive) return undefined;
    this.#bar = bar;
    this.#draw();
    // Seconds go by while nothing is heard.
    return setInterval(() => this.#draw(), 100);
  }

  #draw(): void {
    if (this.#bar === undefined) return;
    // A line that wraps could not be erased.
    const line = `   ${this.#bar()}`.slice(0, (this.#screen.columns ?? 80) - 1);
    this.#screen.write(`\r\u001B[K${line}`);
  }

  #erase(): void {
    if (this.#bar !== undefined) this.#screen.write('\r\u001B[K');
  }
}

/** Such as `1.5 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function barOf(operation: Operation | undefined, elapsed: number): string {
  const progress = operation === undefined ? undefined : progressOf(operation);
  const time = seconds(elapsed);
  if (progress === undefined) return `${operation?.done === true ? 'ended' : 'running'}  ${time}`;
  const filled = Math.round(progress * BAR_WIDTH);
  const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
  return `${bar} ${String(Math.round(progress * 100)).padStart(3)} %  ${time}`;
}
