import { waitForDone, type OperationsClient } from 'rx-lro';
import { learnedBackoff } from 'rx-lro/learned';

import { subjects } from '../subjects.mjs';
import { LATE, PAST, type Course, type NewsService, type NewsSubject } from './news.js';

const byDefault = (name: string): NewsSubject => ({
  name,
  prepare: (service) => subjects[name]!(service),
});

/** With a client that has only `get`. */
export const own: NewsSubject = byDefault('rx-lro');
export const gax: NewsSubject = byDefault('google-gax');

const clientOf = (service: NewsService): OperationsClient => ({
  get: ({ name }) => service.get(name),
});

/** Percent, told in steps. */
function inSteps(step: number, speed: (part: number) => number = (part) => part): Course {
  return (part) => ({ progressPercent: Math.floor((speed(part) * 100) / step + 1e-9) * step });
}

const withProgress = (told: string, course: Course): NewsSubject => ({
  ...own,
  name: `rx-lro, progress in ${told}`,
  course,
});

const withWait: NewsSubject = {
  name: 'rx-lro, a server that can wait',
  prepare: async (service) => {
    const client: OperationsClient = {
      ...clientOf(service),
      wait: ({ name, timeout = Infinity }) => service.wait(name, timeout),
    };
    return (name) => waitForDone(client, name);
  },
};

/** Told of each end, up to a second late. */
export const notified: NewsSubject = {
  name: `rx-lro, a notifier up to ${LATE / 1000} s late`,
  prepare: async (service) => {
    const client = clientOf(service);
    return (name) => waitForDone(client, name, { notifier: service.notices(name) });
  },
};

const learned: NewsSubject = {
  name: `rx-lro, \`learnedBackoff\` of ${PAST} before`,
  prepare: async (service, past) => {
    const client = clientOf(service);
    const backoff = learnedBackoff(past);
    return (name) => waitForDone(client, name, { backoff });
  },
};

/** The rows of each table. */
export const newsSubjects: readonly NewsSubject[] = [
  ...Object.keys(subjects).map(byDefault),
  withWait,
  notified,
  learned,
  withProgress('steps of 1 %', inSteps(1)),
  withProgress('steps of 10 %', inSteps(10)),
  withProgress('steps of 25 %', inSteps(25)),
  withProgress('steps of 10 %, fast first', inSteps(10, Math.sqrt)),
  withProgress(
    'steps of 10 %, slow first',
    inSteps(10, (part) => part ** 2),
  ),
];
