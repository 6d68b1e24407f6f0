import type { ListOperationsResponse, OperationLike } from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startHttpServer } from '../../support/http-server.js';

const encoded = (id: string): string => id.split('/').map(encodeURIComponent).join('/');

async function json<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  if (!response.ok) {
    const body: unknown = await response.json();
    throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status, body });
  }
  return (await response.json()) as Answer;
}

export const subjects: readonly ConformanceSubject[] = [
  {
    name: 'job',
    connect: async (fake) => {
      const { url, ...server } = await startHttpServer(fake.fetch);
      const client = jobClient({
        idOf: ({ name }) => name ?? '',
        toOperation: ({ done, response, error, metadata }: OperationLike) => ({
          done: done === true,
          response: response ?? undefined,
          error,
          metadata: metadata ?? undefined,
        }),
        get: (id, { signal }) => json<OperationLike>(`${url}/v1/${encoded(id)}`, { signal }),
        cancel: (id, { signal }) =>
          json(`${url}/v1/${encoded(id)}:cancel`, { signal, method: 'POST' }),
        delete: (id, { signal }) => json(`${url}/v1/${encoded(id)}`, { signal, method: 'DELETE' }),
        list: async ({ name, ...request }, { signal }) => {
          const query = new URLSearchParams(
            Object.entries(request).map(([key, value]) => [key, String(value)]),
          );
          const page = await json<ListOperationsResponse>(
            `${url}/v1/${name}/operations?${query.toString()}`,
            { signal },
          );
          const jobs = page.operations ?? [];
          return { jobs, nextPageToken: page.nextPageToken ?? '' };
        },
      });
      return { client, ...server };
    },
    notApplicable: {
      wait: 'An API of jobs has no wait.',
      'wait-held': 'An API of jobs has no wait.',
      'list-unreachable': 'A page of jobs has no places.',
    },
  },
];
