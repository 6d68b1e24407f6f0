import { mean } from '../statistics.js';
import { table } from '../table.js';
import { gax, newsSubjects, own } from './news-subjects.js';
import { measureNews, type News, type NewsSubject } from './news.js';
import { durationSets, logUniform } from './sets.js';

export const OPERATIONS = 300;
export const SEED = 1;
/** Chance makes any two sets of so few operations differ: ours and google-gax have to stand many. */
export const SEEDS: readonly number[] = Array.from({ length: 10 }, (_, index) => SEED + index);

/** What was measured for the operations of one kind, by the names of the subjects. */
export interface SetNews {
  readonly name: string;
  readonly news: ReadonlyMap<string, News>;
}

/** For each set of durations, how soon each subject has the news, and for how many calls. */
export async function measureSets(): Promise<SetNews[]> {
  const sets: SetNews[] = [];
  for (const set of durationSets) {
    const news = new Map<string, News>();
    for (const subject of newsSubjects) {
      const work = { set, operations: OPERATIONS, seed: SEED };
      news.set(subject.name, await measureNews(subject, work));
    }
    sets.push({ name: set.name, news });
  }
  return sets;
}

export function newsTable(news: Iterable<readonly [string, News]>): string {
  const head = ['', 'calls', 'mean delay', '99 of 100 within', 'delay / duration'];
  return table(
    head,
    [...news].map(([name, { calls, delay, longest, relative }]) => [
      name,
      calls.toFixed(1),
      seconds(delay),
      seconds(longest),
      percent(relative),
    ]),
  );
}

/** Ours and google-gax on the log-uniform set, means over ten seeds. */
export async function compareWithGax(): Promise<{ own: News; gax: News }> {
  return { own: await overSeeds(own), gax: await overSeeds(gax) };
}

async function overSeeds(subject: NewsSubject): Promise<News> {
  const all: News[] = [];
  for (const seed of SEEDS) {
    all.push(await measureNews(subject, { set: logUniform, operations: OPERATIONS, seed }));
  }
  return {
    calls: mean(all.map(({ calls }) => calls)),
    delay: mean(all.map(({ delay }) => delay)),
    longest: mean(all.map(({ longest }) => longest)),
    relative: mean(all.map(({ relative }) => relative)),
  };
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
export const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
