import { Observable } from 'rxjs';
import type { AskedService, Wait } from '../subjects.mjs';
import { mean, quantile } from '../statistics.js';
import { inFakeWorld } from './fake-world.js';
import { drawDurations, drawPast, randomNumbers, type DurationSet } from './sets.js';

/** How long the way to the server and back takes, in milliseconds; it looks in the middle. */
export const LATENCY = 50;

/** What an operation tells of itself, from the part of its time that is over. */
export type Course = (part: number) => object | undefined;

/** How many operations were seen before. */
export const PAST = 50;

/** How late a notifier is at the most, in milliseconds. */
export const LATE = 1_000;

/** A service whose operations all begin at once. */
export interface NewsService extends AskedService {
  /** As `get`, but answered once it is done, or when the time is up (in milliseconds). */
  wait(name: string, timeout: number): ReturnType<AskedService['get']>;
  /** Emits once it is done, or up to a second later. */
  notices(name: string): Observable<void>;
}

/** What is measured. */
export interface NewsSubject {
  readonly name: string;
  /** @param past - How long some other operations of the same kind took, in milliseconds. */
  readonly prepare: (service: NewsService, past: readonly number[]) => Promise<Wait>;
  /** What its operations tell while they run. Default: nothing. */
  readonly course?: Course | undefined;
}

/** How soon the news came, for how many calls. Means over all operations. */
export interface News {
  readonly calls: number;
  /** From the end of an operation until it was known, in milliseconds. */
  readonly delay: number;
  /** Which 99 of 100 delays are not longer than. */
  readonly longest: number;
  /** The delay as a part of the duration. */
  readonly relative: number;
}

export interface NewsWork {
  readonly set: DurationSet;
  readonly operations: number;
  readonly seed: number;
}

/** Has a subject wait for all operations at once, in made-up time. */
export async function measureNews(subject: NewsSubject, work: NewsWork): Promise<News> {
  const durations = drawDurations(work.set, work.operations, work.seed);
  const service = makeService(durations, subject.course);
  const wait = await subject.prepare(service, drawPast(work.set, PAST, work.seed));
  const delays = await inFakeWorld(randomNumbers(work.seed), () => {
    const begun = performance.now();
    return Promise.all(
      durations.map(async (duration, index) => {
        await wait(String(index));
        return performance.now() - begun - duration;
      }),
    );
  });
  return {
    calls: service.calls() / durations.length,
    delay: mean(delays),
    longest: quantile(delays, 0.99),
    relative: mean(delays.map((delay, index) => delay / durations[index]!)),
  };
}

function makeService(durations: readonly number[], course: Course | undefined) {
  let calls = 0;
  const answerAt = async (name: string, look: number) => {
    const part = look / durations[Number(name)]!;
    await new Promise(
      (resolve) => void setTimeout(resolve, look + LATENCY / 2 - performance.now()),
    );
    if (part >= 1) return { name, done: true, response: {} };
    const metadata = course?.(part);
    return metadata === undefined ? { name, done: false } : { name, done: false, metadata };
  };
  return {
    calls: () => calls,
    get: (name: string) => {
      calls += 1;
      return answerAt(name, performance.now() + LATENCY / 2);
    },
    wait: (name: string, timeout: number) => {
      calls += 1;
      const arrival = performance.now() + LATENCY / 2;
      const end = durations[Number(name)]!;
      return answerAt(name, Math.min(Math.max(arrival, end), arrival + timeout));
    },
    notices: (name: string) =>
      new Observable<void>((subscriber) => {
        const at = durations[Number(name)]! + LATE * Math.random();
        const timeout = setTimeout(() => subscriber.next(), at - performance.now());
        return () => clearTimeout(timeout);
      }),
  };
}
