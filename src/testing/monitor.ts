import { firstValueFrom } from 'rxjs';
import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import { isRecord } from '../core/values/record.js';
import { checkObject, checkWord } from '../core/values/check.js';
import { readRequest, type FakeFetch } from './fetch-handler.js';
import type { MakeCall } from './fake-client.js';
import { json, responseOf } from './http-response.js';
import { monitorResponse } from './monitor-response.js';
import type { OperationScript } from './operation-script.js';
import { refusal, type Reply } from './reply.js';
import type { Service } from './service.js';

/** How a fake service serves the asynchronous request-reply pattern. */
export interface FakeMonitorOptions {
  /**
   * How it answers. `'azure'`: `Operation-Location`, and a document with a `status`; `'fhir'`: `Content-Location`, 202
   * with `X-Progress`, 200 with the response, an OperationOutcome for a failure; `'rest'`: `Location`, a document with a
   * `status`, and 303 to the response. Default `'azure'`.
   */
  readonly dialect?: 'azure' | 'fhir' | 'rest' | undefined;
  /** What happens to an operation that a request starts. Default: it never ends. */
  readonly script?: OperationScript | ((request: Request) => OperationScript) | undefined;
}

/**
 * Makes a `fetch` that serves monitors: `GET /monitors/{name}`, `POST /monitors/{name}/cancel`, `DELETE
 * /monitors/{name}`, `GET /results/{name}`. Any other request starts an operation, or shows the resource that one has
 * made.
 *
 * @internal
 */
export function fakeMonitor(
  service: Service,
  makeCall: MakeCall,
  options: FakeMonitorOptions,
): FakeFetch {
  checkObject('options', options);
  const { dialect = 'azure', script = {} } = options;
  checkWord('dialect', dialect, ['azure', 'fhir', 'rest']);
  const resources = new Map<string, string>();

  const stateOf = async (name: string): Promise<Operation | undefined> => {
    const reply = await firstValueFrom(service.act({ method: 'get', name }));
    return reply.kind === 'answer' ? (reply.value as Operation) : undefined;
  };
  const result = async (name: string | undefined): Promise<Response> => {
    const operation = name === undefined ? undefined : await stateOf(name);
    if (operation?.done !== true || operation.error != null) {
      return responseOf('get', refusal(Code.NOT_FOUND, 'There is no such resource.'), 'v2');
    }
    return operation.response == null
      ? new Response(null, { status: 204 })
      : json(operation.response, 200);
  };
  const start = (request: Request, url: URL): Response => {
    const { name } = service.start(typeof script === 'function' ? script(request) : script);
    resources.set(url.pathname, name);
    const monitor = `/monitors/${encodeURI(name)}`;
    const header = { azure: 'operation-location', fhir: 'content-location', rest: 'location' }[
      dialect
    ];
    return new Response(null, { status: 202, headers: { [header]: monitor } });
  };

  const answer = async (
    request: Request,
    url: URL,
    signal: AbortSignal | null | undefined,
  ): Promise<Response> => {
    const [, place, path = ''] = /^\/(monitors|results)\/(.+)$/.exec(url.pathname) ?? [];
    const verb = request.method;
    if (place === 'results') return result(decodeURI(path));
    if (place === undefined) {
      const isRead = verb === 'GET' && request.headers.get('prefer') !== 'respond-async';
      return isRead ? result(resources.get(url.pathname)) : start(request, url);
    }
    const isPost = verb === 'POST' && path.endsWith('/cancel');
    const name = decodeURI(isPost ? path.replace(/\/cancel$/, '') : path);
    const isRunning =
      dialect === 'fhir' && verb === 'DELETE' && (await stateOf(name))?.done === false;
    const method = isPost || isRunning ? 'cancel' : verb === 'DELETE' ? 'delete' : 'get';
    const reply = await makeCall({ method, name }, signal);
    if (method === 'get' && isOperation(reply)) return monitorResponse(dialect, reply);
    return reply.kind === 'answer'
      ? new Response(null, { status: 202 })
      : responseOf(method, reply, 'v2');
  };
  return async (input, init) => {
    const { request, signal } = readRequest(input, init);
    const response = await answer(request, new URL(request.url), signal);
    // As a `fetch` gives it: relative URLs resolve against it.
    return Object.defineProperty(response, 'url', { value: request.url });
  };
}

/** Tells whether a reply is an operation; the answer of a fault may be one. */
function isOperation(reply: Reply): reply is Extract<Reply, { readonly value: unknown }> {
  if (reply.kind !== 'raw') return reply.kind === 'answer';
  return (
    reply.httpStatus === 200 && isRecord(reply.value) && typeof reply.value['name'] === 'string'
  );
}
