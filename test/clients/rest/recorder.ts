import type { Fetch } from 'rx-lro/rest';

/** A request as it came to `fetch`. */
export interface Sent {
  readonly url: string;
  readonly verb: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
  readonly init: RequestInit;
}

/** A `fetch` that keeps what it is asked and answers with what it is given. */
export function recorder(answer: () => Response | Promise<Response> = () => json({})): {
  readonly fetch: Fetch;
  readonly sent: Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (url, init) => {
      const { method: verb, headers, body } = init;
      sent.push({ url, verb, headers: new Headers(headers), body, init });
      return answer();
    },
  };
}

export function json(value: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(value), {
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  });
}

/** Gives what a promise rejects with; fails when it does not. */
export async function failureOf(promise: Promise<unknown> | undefined): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It should have failed, and gave ${JSON.stringify(value)}`);
}
