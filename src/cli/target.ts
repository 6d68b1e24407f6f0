import type { OperationsClient } from '../core/client.js';
import { plainUrl } from '../core/errors/wording.js';
import { encodeName } from '../clients/http/name.js';
import { restClient } from '../clients/rest/rest-client.js';
import type { Command, Place } from './command.js';
import { jobsOf } from './job.js';
import { monitorClient } from './monitor.js';
import { fetchNoMonitor } from './monitor-signs.js';
import { urlClient } from './url-client.js';

/** What a command is about. */
export interface Target {
  readonly client: OperationsClient;
  /** Of the operation, or of the parent for a list. */
  readonly name: string;
}

/**
 * Makes the client for a command.
 *
 * @param note - Is told what is unusual about an answer.
 */
export function targetOf(command: Command, note: (text: string) => void): Target {
  const { kind, place, job, monitor } = command;
  const headers = command.headers.map(([field, value]): [string, string] => [field, value]);
  const fetch = kind === 'list' ? undefined : fetchNoMonitor;
  if ('url' in place) {
    const { url } = place;
    const name = nameIn(url);
    if (monitor) return { client: monitorClient(monitor, headers, name), name };
    const client = urlClient(url, headers, fetch);
    return { client: job ? jobsOf(client, job, note) : client, name };
  }
  const { baseUrl, name } = place;
  if (job) {
    const url = `${baseUrl}/${encodeName(name, true)}`;
    return { client: jobsOf(urlClient(url, headers, fetch), job, note), name };
  }
  return { client: restClient({ baseUrl, headers, fetch }), name };
}

/** Says what a command is about and where it is, for messages. */
export function labelOf(place: Place): string {
  return 'url' in place ? plainUrl(place.url) : `${place.name} at ${place.baseUrl}`;
}

/** The name of the operation at a URL: what follows the version in its path, or all of the path. */
export function nameIn(url: string): string {
  const { pathname, origin } = new URL(url);
  return pathname.replace(/^\/(?:(?:[^/]+\/)*?v\d+\w*\/)?/, '').replace(/\/+$/, '') || origin;
}
