import { GenerateVideosOperation, GoogleGenAI, type GenerateVideosResponse } from '@google/genai';
import {
  Code,
  cancelOperation,
  findDetail,
  getOperation,
  isTransient,
  statusFrom,
  waitForDone,
  type CallFailedError,
  type StatusError,
} from 'rx-lro';
import { genaiClient, type GenaiOperations } from 'rx-lro/genai';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { startHttpServer } from '../../support/http-server.js';
import { signalMakes } from '../../support/signals.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const name = 'models/veo-3.1-generate-preview/operations/abc';
const vertexName =
  'projects/p/locations/us-central1/publishers/google/models/veo-2.0-generate-001/operations/49da';
const once = { retry: { numOfAttempts: 1 } };

async function serve(
  answer: (request: Request, signal: AbortSignal) => Response | Promise<Response>,
): Promise<{ ai: GoogleGenAI; vertex: GoogleGenAI; seen: string[] }> {
  const seen: string[] = [];
  const server = await startHttpServer(async (request, { signal }) => {
    const body = await request.clone().text();
    seen.push(`${request.method} ${new URL(request.url).pathname} ${body}`.trimEnd());
    return answer(request, signal);
  });
  closers.push(server.close);
  const httpOptions = { baseUrl: server.url };
  // With a key there is nobody to ask for a token.
  const vertex = new GoogleGenAI({ vertexai: true, apiKey: 'k', httpOptions });
  return { ai: new GoogleGenAI({ apiKey: 'k', httpOptions }), vertex, seen };
}

const uriOf = (response: GenerateVideosResponse | undefined): string | undefined =>
  response?.generatedVideos?.[0]?.video?.uri;

describe('the Gemini API', () => {
  test('gives a video by the name of its operation alone', async () => {
    const generatedSamples = [{ video: { uri: 'https://example.com/1.mp4' } }];
    const { ai, seen } = await serve(() =>
      Response.json({
        name,
        done: true,
        response: { generateVideoResponse: { generatedSamples } },
      }),
    );
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    expect(uriOf(await waitForDone(client, name))).toBe('https://example.com/1.mp4');
    expect(seen).toEqual([`GET /v1beta/${name}`]);
  });

  test('fails with its code and its details, in one request', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'QUOTA' }];
    const error = { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED', details };
    const { ai, seen } = await serve(() => Response.json({ error }, { status: 429 }));
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    const failure = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect(failure.code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(failure.message).toContain('Slow down.');
    expect(findDetail(failure, 'google.rpc.ErrorInfo')?.reason).toBe('QUOTA');
    expect((failure.cause as Error).cause).toMatchObject({ name: 'ApiError', status: 429 });
    expect(seen).toHaveLength(1);
  });

  test('has a failed operation, refused in part or as a whole', async () => {
    const error = { code: 3, message: 'The prompt is not allowed.' };
    const { ai } = await serve(() => Response.json({ name, done: true, error }));
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    expect(await failureOf(waitForDone(client, name))).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      kind: 'operation-failed',
    });
  });

  test('that breaks the connection fails in passing', async () => {
    const { ai } = await serve(async () => Promise.reject(new Error('cut')));
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    const failure = await failureOf(getOperation(client, name, once));
    expect(isTransient(failure as StatusError)).toBe(true);
  });

  test.each(['../secrets', 'models//x', 'https://example.com/x', ''])(
    'is not asked for %o',
    async (wrong) => {
      const { ai, seen } = await serve(() => Response.json({}));
      const client = genaiClient(ai.operations, GenerateVideosOperation);
      expect(await failureOf(client.get({ name: wrong }))).toBeInstanceOf(Error);
      expect(seen).toEqual([]);
    },
  );
});

describe('Vertex AI', () => {
  test('is asked by POST, with the name in the body', async () => {
    const videos = [{ gcsUri: 'gs://b/1.mp4', mimeType: 'video/mp4' }];
    const { vertex, seen } = await serve(() =>
      Response.json({ name: vertexName, done: true, response: { videos } }),
    );
    const client = genaiClient(vertex.operations, GenerateVideosOperation);
    expect(uriOf(await waitForDone(client, vertexName))).toBe('gs://b/1.mp4');
    const [model = ''] = vertexName.split('/operations/');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^POST \/v1\w*\/.*:fetchPredictOperation /);
    expect(seen[0]).toContain(model);
    expect(seen[0]).toContain(JSON.stringify(vertexName));
  });

  test('has its request closed by an abort', async () => {
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const controller = new AbortController();
    const reason = new Error('The user has left.');
    const { vertex } = await serve((_, signal) => {
      signal.addEventListener('abort', close);
      controller.abort(reason);
      return new Promise(() => undefined);
    });
    const client = genaiClient(vertex.operations, GenerateVideosOperation);
    const { signal } = controller;
    const wait = waitForDone(client, vertexName, { signal, onAbort: 'detach' });
    expect(await failureOf(wait)).toBe(reason);
    await closed;
  });
});

describe('a call', () => {
  test('needs no options, and then nothing can end it', async () => {
    const asked: unknown[] = [];
    const operations = {
      get: async (parameters: unknown) => {
        asked.push(parameters);
        return { name, done: true };
      },
    };
    const client = genaiClient(operations, GenerateVideosOperation);
    expect(await client.get({ name })).toEqual({ name, done: true });
    await client.get({ name }, { timeout: Infinity });
    const config = { httpOptions: { retryOptions: { attempts: 1 } } };
    expect(asked).toEqual([
      { operation: expect.objectContaining({ name }) as unknown, config },
      { operation: expect.objectContaining({ name }) as unknown, config },
    ]);
  });

  test('that fails with what is no Error rejects with just that', async () => {
    const operations = { get: async () => Promise.reject('out of order') };
    const client = genaiClient(operations, GenerateVideosOperation);
    expect(await failureOf(client.get({ name }))).toBe('out of order');
  });

  test('is not made when it was aborted beforehand, and leaves no listener', async () => {
    const { ai, seen } = await serve(() => Response.json({ name, done: true }));
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    const reason = new Error('Enough.');
    expect(await failureOf(client.get({ name }, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(seen).toEqual([]);
    const [, make] = signalMakes[0]!;
    const { signal, listeners } = make();
    await waitForDone(client, name, { signal });
    expect(listeners()).toBe(0);
  });

  test('of cancel is UNIMPLEMENTED: @google/genai has none', async () => {
    const { ai } = await serve(() => Response.json({}));
    const client = genaiClient(ai.operations, GenerateVideosOperation);
    expect(statusFrom(await failureOf(cancelOperation(client, name))).code).toBe(
      Code.UNIMPLEMENTED,
    );
  });
});

test('genaiClient refuses what are no operations, and what is no class', async () => {
  const { ai } = await serve(() => Response.json({}));
  expect(() => genaiClient({} as GenaiOperations, GenerateVideosOperation)).toThrow(TypeError);
  expect(() => genaiClient(ai.operations, undefined as never)).toThrow(TypeError);
});
