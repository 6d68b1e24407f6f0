// A service in memory that answers by a script, as any server of the pattern does.

/** An answer: a status, a body that is sent as JSON unless it is a text, and headers. */
export interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the connection in place of an answer. */
  readonly isReset?: boolean;
}

/** The answers to a method and a path, in order; the last one again and again. */
export type Routes = Readonly<Record<string, readonly Scripted[] | Scripted>>;

/** A request that came. */
interface Seen {
  readonly asked: string;
  readonly headers: Headers;
}

/** A `fetch`, and what it was asked. */
export interface Service {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly seen: Seen[];
  /** Such as `GET /operations/1`; with the origin where that is another. */
  readonly asked: () => readonly string[];
}

export const origin = 'https://api.example.com';

/** Makes a service. Paths are those of `origin`; other origins are written out. */
export function serviceOf(routes: Routes): Service {
  const seen: Seen[] = [];
  const times = new Map<string, number>();
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const place = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
    const asked = `${init.method ?? 'GET'} ${place}`;
    seen.push({ asked, headers: new Headers(init.headers) });
    init.signal?.throwIfAborted();
    const count = times.get(asked) ?? 0;
    times.set(asked, count + 1);
    const answers = [
      routes[asked] ?? { status: 404, body: { error: { code: 'NotFound' } } },
    ].flat();
    const answer = answers[Math.min(count, answers.length - 1)]!;
    if (answer.isReset === true) throw new TypeError('fetch failed');
    return responseOf(answer, url);
  };
  return { fetch, seen, asked: () => seen.map((each) => each.asked) };
}

/** Makes the response to a request for a URL. */
export function responseOf({ status = 200, body, headers = {} }: Scripted, url: string): Response {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const isJson = text !== undefined && text !== body;
  const response = new Response(text ?? null, {
    status,
    headers: isJson ? { 'content-type': 'application/json', ...headers } : headers,
  });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
