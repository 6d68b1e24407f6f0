import { cloudbuild } from '@googleapis/cloudbuild';
import { run } from '@googleapis/run';
import { googleapisClient } from 'rx-lro/googleapis';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startHttpServer } from '../../support/http-server.js';

const noList = 'The collection has no `list`.';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: '@googleapis/run',
    connect: async (fake) => {
      const server = await startHttpServer(fake.fetch);
      const { projects } = run({ version: 'v2', rootUrl: `${server.url}/` });
      return { client: googleapisClient(projects.locations.operations), ...server };
    },
    notApplicable: {
      ...Object.fromEntries(
        [
          'cancel-honoured',
          'cancel-ignored',
          'cancel-late',
          'cancel-twice',
          'abort-before',
          'abort-in-flight',
          'abort-in-delay',
        ].map((id) => [id, 'The collection has no `cancel`.']),
      ),
    },
  },
  {
    name: '@googleapis/cloudbuild',
    connect: async (fake) => {
      const server = await startHttpServer(fake.fetch);
      const { operations } = cloudbuild({ version: 'v1', rootUrl: `${server.url}/` });
      return { client: googleapisClient(operations), ...server };
    },
    notApplicable: {
      'list-pages': noList,
      'list-unreachable': noList,
      'list-request': noList,
      delete: 'The collection has no `delete`.',
      wait: 'The collection has no `wait`.',
      'wait-held': 'The collection has no `wait`.',
    },
  },
];
