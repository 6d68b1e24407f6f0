import type { FakeOperations } from 'rx-lro/testing';

import { startHttpServer, type HttpServer } from './http-server.js';

/** How the answers of a service differ from those of the standard one. */
export interface Translation {
  /** Gives the standard request for one of the service. Default: it is the same. */
  readonly request?: (request: Request) => Request;
  /** Gives the service's form of an operation in JSON. */
  readonly operation: (operation: Fields) => object;
  /** Gives the service's form of a page in JSON. Default: `operations`, each in its form. */
  readonly page?: (page: Fields) => object;
}

/** JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** Starts a server that answers as a fake service does, in the form of another. */
export function startTranslatingServer(
  fake: FakeOperations,
  { request: toStandard = (request) => request, operation, page }: Translation,
): Promise<HttpServer> {
  return startHttpServer(async (request, { signal }) => {
    const response = await fake.fetch(toStandard(request), { signal });
    if (!response.ok) return response;
    const body = (await response.json()) as Fields;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    const isPage =
      Array.isArray(body['operations']) || 'unreachable' in body || 'nextPageToken' in body;
    const isOperation = typeof body['name'] === 'string' || 'done' in body;
    const translated = isPage ? (page?.(body) ?? body) : isOperation ? operation(body) : body;
    return new Response(JSON.stringify(translated), { headers });
  });
}
