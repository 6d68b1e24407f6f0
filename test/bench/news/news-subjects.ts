import { progressBackoff, waitForDone, type OperationsClient } from 'rx-lro';

import { subjects } from '../subjects.mjs';
import type { Course, NewsService, NewsSubject } from './news.js';

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

function withProgress(told: string, course: Course): NewsSubject {
  return {
    name: `rx-lro, \`progressBackoff\`, ${told}`,
    course,
    prepare: async (service) => {
      const client = clientOf(service);
      const backoff = progressBackoff();
      return (name) => waitForDone(client, name, { backoff });
    },
  };
}

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

/** The rows of each table. */
export const newsSubjects: readonly NewsSubject[] = [
  ...Object.keys(subjects).map(byDefault),
  withWait,
  withProgress('steps of 1 %', inSteps(1)),
  withProgress('steps of 10 %', inSteps(10)),
  withProgress('steps of 25 %', inSteps(25)),
  withProgress('10 %, fast first', inSteps(10, Math.sqrt)),
  withProgress(
    '10 %, slow first',
    inSteps(10, (part) => part ** 2),
  ),
];
