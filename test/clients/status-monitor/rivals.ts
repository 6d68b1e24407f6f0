// @azure/core-lro and this library at the same server, over the same scripted routes.

import { createHttpPoller, type OperationResponse } from '@azure/core-lro';
import { waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';

import { startHttpServer } from '../../support/http-server.js';
import { responseOf, type Routes } from './service.js';
import { quick } from './world.js';

/** How it ended: what came, or that it failed. */
export type Ending = { readonly response: unknown } | { readonly failed: string };

/** What a route of the server was asked, by both. */
export interface Rivalry {
  readonly core: Ending;
  readonly ours: Ending;
}

/** Runs both, each at a server of its own that follows the same script. */
export async function compare(call: string, routes: Routes): Promise<Rivalry> {
  const [core, ours] = await Promise.all(
    [withCoreLro, withOurs].map(async (run) => {
      const { url, close } = await serve(routes);
      try {
        return { response: await run(url, call) };
      } catch (error) {
        return { failed: (error as Error).message };
      } finally {
        await close();
      }
    }),
  );
  return { core: core!, ours: ours! };
}

/** Starts a server that follows a script. */
export function serve(
  routes: Routes,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const times = new Map<string, number>();
  return startHttpServer(async (request) => {
    const { pathname, search, origin } = new URL(request.url);
    const asked = `${request.method} ${pathname}${search}`;
    const count = times.get(asked) ?? 0;
    times.set(asked, count + 1);
    const answers = [
      routes[asked] ?? { status: 404, body: { error: { code: 'NotFound', message: 'No.' } } },
    ].flat();
    const answer = answers[Math.min(count, answers.length - 1)]!;
    if (answer.isReset === true) throw new Error('reset');
    const headers = Object.fromEntries(
      Object.entries(answer.headers ?? {}).map(([key, value]) => [
        key,
        value.replace('{origin}', origin),
      ]),
    );
    return responseOf({ ...answer, headers }, request.url);
  });
}

async function withOurs(url: string, call: string): Promise<unknown> {
  const client = statusMonitorClient();
  const [method = '', path = ''] = call.split(' ');
  const start = fetch(url + path, { method });
  const { pollAfter: _, ...operation } = await client.operation(start, { method });
  return waitForDone(client, operation, quick);
}

/** Waits with `createHttpPoller`, on a transport that does not retry. */
export async function withCoreLro(
  url: string,
  call: string,
  intervalInMs?: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const [method = '', path = ''] = call.split(' ');
  const send = async (verb: string, place: string): Promise<OperationResponse> => {
    const target = new URL(place, url).href;
    const response = await fetch(target, { method: verb });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.status >= 400) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { name: 'RestError' });
    }
    return {
      flatResponse: body,
      rawResponse: {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        request: { method: verb, url: target },
        body,
      },
    };
  };
  const poller = createHttpPoller(
    {
      sendInitialRequest: () => send(method, path),
      sendPollRequest: (place) => send('GET', place),
    },
    { intervalInMs: intervalInMs ?? 1 },
  );
  return poller.pollUntilDone(signal === undefined ? {} : { abortSignal: signal });
}
