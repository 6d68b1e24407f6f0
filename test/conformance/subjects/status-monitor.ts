import type { OperationsClient } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorMetadata } from 'rx-lro/status-monitor';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startHttpServer } from '../../support/http-server.js';

const because = (ids: readonly string[], reason: string): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, reason]));

/** The operations of the fake service by their own names, for which a monitor has URLs. */
function namedAs(monitor: OperationsClient, nameOf: (name: string) => string): OperationsClient {
  const renamed = ({ name }: { readonly name: string }): { readonly name: string } => ({
    name: nameOf(name),
  });
  return {
    get: async (request, options) => ({
      ...((await monitor.get(renamed(request), options)) as object),
      name: request.name,
    }),
    cancel: (request, options) => monitor.cancel!(renamed(request), options),
    delete: (request, options) => monitor.delete!(renamed(request), options),
  };
}

const documentOf = (metadata: unknown): unknown =>
  ((metadata as StatusMonitorMetadata).document as { readonly metadata?: unknown } | undefined)
    ?.metadata;

function subject(
  dialect: 'azure' | 'fhir' | 'rest',
  kind: string,
  more: Partial<ConformanceSubject>,
): ConformanceSubject {
  return {
    name: `status-monitor, ${dialect}`,
    connect: async (fake) => {
      const server = await startHttpServer(fake.monitor({ dialect }));
      const monitor = statusMonitorClient({
        baseUrl: server.url,
        ...(dialect !== 'fhir' && { cancel: 'POST /cancel', delete: 'DELETE' }),
      });
      const nameOf = (name: string): string =>
        `${server.url}/monitors/${encodeURI(name)}#rx-lro=1&kind=${kind}`;
      return { client: namedAs(monitor, nameOf), ...server };
    },
    metadata: documentOf,
    ...more,
    notApplicable: {
      ...because(['wait', 'wait-held'], 'A monitor has no wait.'),
      ...because(['list-pages', 'list-request', 'list-unreachable'], 'A monitor has no list.'),
      ...more.notApplicable,
    },
  };
}

export const subjects: readonly ConformanceSubject[] = [
  subject('azure', 'status', {}),
  subject('rest', 'http', {}),
  subject('fhir', 'http&delete=1', {
    metadata: (metadata) => ({
      progressPercent: (metadata as StatusMonitorMetadata).percentComplete,
    }),
    notApplicable: {
      'failed-with-details': 'An OperationOutcome has no details of an rpc.',
      unicode: 'FHIR tells nothing but progress.',
      'cancel-late': 'A DELETE would lose the result: none is sent once it is there.',
      'abort-in-delay': 'Before a DELETE, the monitor is asked whether the result is there.',
      'cancel-twice': 'After a DELETE the monitor is gone, and is not deleted again.',
    },
  }),
];
