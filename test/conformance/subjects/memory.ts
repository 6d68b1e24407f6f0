import type { ConformanceSubject } from 'rx-lro/testing';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: 'fake.client',
    connect: async ({ client }) => ({ client, close: async () => undefined }),
    notApplicable: {
      cause: 'There is no error of another library behind its own.',
      'server-gone': 'There is no server: it is the service itself.',
    },
  },
];
