import { restClient } from 'rx-lro/rest';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startHttpServer } from '../../support/http-server.js';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: 'rest',
    connect: async (fake) => {
      const server = await startHttpServer(fake.fetch);
      const client = restClient({ baseUrl: server.url, paths: { wait: 'v1/{+name}:wait' } });
      return { client, ...server };
    },
  },
];
