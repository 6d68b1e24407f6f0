import { codeName, findDetail, httpFromCode, type Status } from 'rx-lro';
import { cloudSqlPaths, computeClient, computePaths, gkePaths } from 'rx-lro/compute';
import { restClient, type RestPaths } from 'rx-lro/rest';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startTranslatingServer, type Fields } from '../../support/translating-server.js';

const noCancel = [
  'cancel-honoured',
  'cancel-ignored',
  'cancel-late',
  'cancel-twice',
  'abort-before',
  'abort-in-flight',
  'abort-in-delay',
];

const because = (ids: readonly string[], reason: string): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, reason]));

function errorsOf(status: Status): Fields {
  const info = findDetail(status, 'google.rpc.ErrorInfo');
  const errorDetails = info === undefined ? {} : { errorDetails: [{ errorInfo: info }] };
  return { errors: [{ code: codeName(status.code), message: status.message, ...errorDetails }] };
}

/** What the three have in common; the response and the metadata of the script ride along. */
function bodyOf(operation: Fields, base: string): Fields {
  const { name, done, metadata, response, error } = operation;
  const status = error as Status | undefined;
  return {
    name: String(name).split('/').at(-1),
    status: done === true ? 'DONE' : 'RUNNING',
    selfLink: base + encodeURI(String(name)),
    scripted: { metadata, response },
    ...(status === undefined ? {} : { error: errorsOf(status) }),
  };
}

function subject(
  name: string,
  paths: RestPaths,
  operation: (operation: Fields) => Fields,
  more: Partial<ConformanceSubject>,
): ConformanceSubject {
  return {
    name,
    connect: async (fake) => {
      const server = await startTranslatingServer(fake, {
        request: (request) => {
          const url = new URL(request.url);
          url.pathname = url.pathname.replace(/\/(wait|cancel)$/, ':$1');
          const size = url.searchParams.get('maxResults');
          if (size !== null) url.searchParams.set('pageSize', size);
          return new Request(url, request);
        },
        operation,
        page: ({ operations = [], nextPageToken, unreachable }) => ({
          items: (operations as readonly Fields[]).map(operation),
          nextPageToken,
          unreachables: unreachable,
        }),
      });
      const client = computeClient(restClient({ baseUrl: `${server.url}/v1`, paths }));
      return { client, ...server };
    },
    response: (body) => (body as Fields | undefined)?.['scripted'] && scripted(body)['response'],
    metadata: (body) => scripted(body)['metadata'],
    ...more,
  };
}

const scripted = (body: unknown): Fields => (body as { readonly scripted: Fields }).scripted;

export const subjects: readonly ConformanceSubject[] = [
  subject(
    'Compute Engine',
    computePaths,
    (operation) => {
      const status = operation['error'] as Status | undefined;
      return {
        kind: 'compute#operation',
        ...bodyOf(operation, 'https://www.googleapis.com/compute/v1/'),
        ...(status === undefined
          ? {}
          : { httpErrorStatusCode: httpFromCode(status.code), httpErrorMessage: 'NO' }),
      };
    },
    {
      notApplicable: {
        ...because(noCancel, 'Compute Engine has no cancel.'),
        'done-with-neither': 'The operation itself is the response.',
      },
      operationName: (id) => `projects/p/zones/z/operations/${id}`,
      parent: 'projects/p/zones/z',
    },
  ),
  subject(
    'Cloud SQL',
    cloudSqlPaths,
    (operation) => ({
      kind: 'sql#operation',
      ...bodyOf(operation, 'https://sqladmin.googleapis.com/v1/'),
    }),
    {
      notApplicable: {
        delete: 'Cloud SQL has no delete.',
        wait: 'Cloud SQL has no wait.',
        'wait-held': 'Cloud SQL has no wait.',
        'done-with-neither': 'The operation itself is the response.',
      },
    },
  ),
  subject(
    'GKE',
    gkePaths,
    (operation) => ({
      ...bodyOf(operation, 'https://container.googleapis.com/v1/'),
      ...(operation['error'] === undefined ? {} : { error: operation['error'] }),
    }),
    {
      notApplicable: {
        delete: 'GKE has no delete.',
        wait: 'GKE has no wait.',
        'wait-held': 'GKE has no wait.',
        'done-with-neither': 'The operation itself is the response.',
        'list-pages': 'The list of GKE has no pages.',
        'list-request': 'The list of GKE has no pages.',
      },
      operationName: (id) => `projects/p/locations/l/operations/${id}`,
      parent: 'projects/p/locations/-',
    },
  ),
];
