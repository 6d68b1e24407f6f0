/** What the fake service knows of an operation, and has seen. Times are in milliseconds since the epoch. */
export interface OperationRecord {
  readonly name: string;
  readonly started: number;
  /** When it would end by itself. */
  readonly ends: number;
  /** When it ends because of a cancel. */
  cancelled?: number;
  /** How long a call about it takes. */
  readonly latency: number;
  readonly tellsProgress: boolean;
  /** When each call arrived that asked about it. */
  readonly gets: number[];
  /** When each call arrived that cancelled it. */
  readonly cancels: number[];
  callsUnderWay: number;
  mostCallsAtOnce: number;
  /** The handler's runs, as workers told them. */
  readonly runs: HandlerRun[];
}

/** One run of a worker's handler. */
interface HandlerRun {
  readonly at: number;
  readonly key: string;
  /** How the operation ended, as the handler was told: `done`, the name of a code, or of an error's kind. */
  readonly outcome: string;
}

/** What the fake service has seen, in numbers. */
export interface Summary {
  readonly operations: number;
  /** How many of them were handled at least once. */
  readonly handled: number;
  /** How many runs of the handler there were beyond the first of each operation. */
  readonly duplicates: number;
  /** Calls of all kinds. */
  readonly calls: number;
  /** How many operations a cancel arrived for. */
  readonly cancelsReceived: number;
  /** How many operations ended because of a cancel. */
  readonly cancelled: number;
  /** The most calls that were under way at once about one operation. */
  readonly mostCallsAtOnce: number;
  /** From the end of an operation to the first run of its handler, in milliseconds. */
  readonly delay: { readonly mean: number; readonly p99: number; readonly most: number };
  /** When the last operation of those that have been handled was, or 0. */
  readonly lastHandled: number;
}

export function endOf({ cancelled, ends }: OperationRecord): number {
  return Math.min(cancelled ?? Infinity, ends);
}

export function summaryOf(records: readonly OperationRecord[]): Summary {
  const handled = records.filter(({ runs }) => runs.length > 0);
  const firstRuns = handled.map(({ runs }) => runs[0]!.at);
  const delays = handled
    .map((record, place) => firstRuns[place]! - endOf(record))
    .toSorted((a, b) => a - b);
  return {
    operations: records.length,
    handled: handled.length,
    duplicates: sum(records.map(({ runs }) => Math.max(0, runs.length - 1))),
    calls: sum(records.map(({ gets, cancels }) => gets.length + cancels.length)),
    cancelsReceived: records.filter(({ cancels }) => cancels.length > 0).length,
    cancelled: records.filter(({ cancelled }) => cancelled !== undefined).length,
    mostCallsAtOnce: most(records.map(({ mostCallsAtOnce }) => mostCallsAtOnce)),
    delay: {
      mean: sum(delays) / delays.length,
      p99: delays[Math.floor(0.99 * delays.length)] ?? NaN,
      most: delays.at(-1) ?? NaN,
    },
    lastHandled: most(firstRuns),
  };
}

/** The most of some times that lie within any window of that length. The times are in order. */
export function mostWithin(times: readonly number[], length: number): number {
  let first = 0;
  let found = 0;
  for (const [place, time] of times.entries()) {
    while (times[first]! <= time - length) first += 1;
    found = Math.max(found, place - first + 1);
  }
  return found;
}

/** The fewest of some times that lie within any window of that length between two times, in steps of 100 ms. */
export function fewestWithin(
  times: readonly number[],
  length: number,
  [from, to]: readonly [number, number],
): number {
  let found = Infinity;
  for (let start = from; start + length <= to; start += 100) {
    const inWindow = times.filter((time) => time >= start && time < start + length);
    found = Math.min(found, inWindow.length);
  }
  return found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function most(values: readonly number[]): number {
  return values.reduce((found, value) => Math.max(found, value), 0);
}
