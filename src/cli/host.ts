/** Where text is written, such as `process.stdout`. */
interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The signals that the command listens to. */
export type HostSignal = 'SIGINT' | 'SIGTERM';

/** What the command needs of its process: `process` itself, or a stand-in for it. */
export interface Host {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the process ends with; set before the last output, as a closed pipe ends the process there. */
  exitCode?: number | string | null | undefined;
  on(signal: HostSignal, listener: (signal: HostSignal) => void): unknown;
  off(signal: HostSignal, listener: (signal: HostSignal) => void): unknown;
  /** Ends the process at once. */
  exit(code: number): void;
}
