import { errorResponse, responseOf, type ErrorFormat } from './http-response.js';
import { routeOf, withWaitBody } from './routes.js';
import type { MakeCall } from './fake-client.js';

/**
 * Answers a request as `fetch` does: it rejects when the signal is aborted or the connection breaks, and
 * otherwise answers with a Response. The URL must be absolute.
 */
export type FakeFetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>;

/** Makes the `fetch` of a service. */
export function fakeFetch(makeCall: MakeCall): FakeFetch {
  return async (input, init) => {
    const isRequest = typeof input === 'object' && 'headers' in input;
    // The signal is followed here: a Request that follows another signal keeps a listener there.
    const signal = init?.signal === undefined && isRequest ? input.signal : init?.signal;
    const request =
      isRequest && init === undefined ? input : new Request(input, { ...init, signal: null });
    const url = new URL(request.url);
    const verb = verbOf(request);
    // Google's libraries send a GET whose URL is too long as a POST with the query in its body.
    if (verb !== request.method && verb === 'GET') {
      new URLSearchParams(await request.text()).forEach((value, key) =>
        url.searchParams.append(key, value),
      );
    }
    const format: ErrorFormat = url.searchParams.get('$.xgafv') === '1' ? 'v1' : 'v2';
    const route = routeOf(verb, url);
    if ('kind' in route) return errorResponse(route, format);
    const call = route.method === 'wait' ? withWaitBody(route, await request.text()) : route;
    if ('kind' in call) return errorResponse(call, format);
    return responseOf(call.method, await makeCall(call, signal), format);
  };
}

function verbOf({ method, headers }: Request): string {
  const override = method === 'POST' ? headers.get('x-http-method-override') : null;
  return override?.toUpperCase() ?? method;
}
