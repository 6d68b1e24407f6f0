import { createServer as createTcpServer, type AddressInfo } from 'node:net';

import {
  InterceptingCall,
  Metadata,
  credentials,
  type CallCredentials,
  type Client,
  type Interceptor,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Code,
  getOperation,
  statusFrom,
  type CallFailedError,
  type OperationsClient,
} from 'rx-lro';
import { gaxClient } from 'rx-lro/gax';
import { grpcClient } from 'rx-lro/grpc';
import { restClient } from 'rx-lro/rest';

import { OperationsClient as GrpcStub } from '../support/generated/ts-proto/google/longrunning/operations.js';
import { failureOf } from '../support/failure-of.js';
import { grpcOperations } from '../support/gax-client.js';
import { startGrpcServer } from '../support/grpc-server.js';

const name = 'operations/1';
const quick = { retry: { startingDelay: 0, numOfAttempts: 3 } };
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that writes the same bytes to whoever connects. */
async function serverThatWrites(bytes: string | Buffer): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerWith(headers: string, body: string): string {
  return `HTTP/1.1 200 OK\r\nconnection: close\r\n${headers}\r\n\r\n${body}`;
}

function bareClient(origin: string): OperationsClient {
  return {
    get: async (_, { signal }) => {
      const response = await fetch(`${origin}/v1/${name}`, { signal });
      return (await response.json()) as object;
    },
  };
}

async function callFailure(client: OperationsClient): Promise<CallFailedError> {
  return (await failureOf(getOperation(client, name, quick))) as CallFailedError;
}

const lasting: unknown = expect.objectContaining({
  attempts: 1,
  codeName: 'FAILED_PRECONDITION',
  message: expect.stringMatching(/lasts until .* (?:address|certificate|size limit)/) as unknown,
});

describe('a failure that cannot pass is not retried, and the message says what has to change', () => {
  const wrong: [string, string][] = [
    ['headers that are too large', answerWith(`x: ${'x'.repeat(20_000)}`, '{}')],
    ['a header that is not valid', answerWith('content-length: many', '{}')],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    [
      'a body that is not compressed as its header says',
      answerWith('content-length: 2\r\ncontent-encoding: gzip', '{}'),
    ],
  ];

  it.each(wrong)('with fetch: %s [report 31]', async (_, bytes) => {
    const origin = `http://${await serverThatWrites(bytes)}`;
    expect(await callFailure(restClient({ baseUrl: origin }))).toEqual(lasting);
    expect(await callFailure(bareClient(origin))).toEqual(lasting);
  });

  it('with fetch: TLS to a port that speaks HTTP [report 31]', async () => {
    const origin = `https://${await serverThatWrites('HTTP/1.1 400 Bad Request\r\n\r\n')}`;
    expect(await callFailure(bareClient(origin))).toEqual(lasting);
  });

  it.each(['http://127.0.0.1:6000', 'ftp://127.0.0.1', 'about:blank', 'no URL'])(
    'with fetch: a URL that it refuses, %s [report 31]',
    async (origin) => {
      expect(await callFailure(bareClient(origin))).toEqual(lasting);
    },
  );

  it.each([
    ['got, axios', { code: 'HPE_HEADER_OVERFLOW', message: 'Parse Error: Header overflow' }],
    ['got, axios', { code: 'HPE_INVALID_CONSTANT', message: 'Parse Error: Expected HTTP/' }],
    ['node-fetch', { code: 'Z_DATA_ERROR', message: 'incorrect header check' }],
    [
      'an older Node.js',
      {
        code: 'EPROTO',
        message: 'write EPROTO 1:error:1408F10B:SSL routines:wrong version number',
      },
    ],
    [
      'Deno',
      {
        message:
          'error sending request for url (https://a.example/): client error (Connect): invalid peer certificate: UnknownIssuer',
      },
    ],
  ])('by %s: %o [report 31]', (_, fields) => {
    const error = Object.assign(new Error('replaced'), fields);
    expect(statusFrom(error).code).toBe(Code.FAILED_PRECONDITION);
    expect(statusFrom(new TypeError('fetch failed', { cause: error })).code).toBe(9);
  });

  it.each([
    [
      'cut in the middle of its compression',
      { code: 'Z_BUF_ERROR', message: 'unexpected end of file' },
    ],
    ['cut in the middle of its headers', { code: 'HPE_INVALID_EOF_STATE', message: 'Parse Error' }],
    [
      'refused by a host that is named so',
      { message: 'connect ECONNREFUSED certificate:443', code: 'ECONNREFUSED' },
    ],
    [
      'not given by a host that is named so',
      { message: 'getaddrinfo EAI_AGAIN certificate.example (bad port)', code: 'EAI_AGAIN' },
    ],
  ])('but a failure passes: an answer %s [report 31]', (_, fields) => {
    const cause = Object.assign(new Error('replaced'), fields);
    expect(statusFrom(new TypeError('fetch failed', { cause })).code).toBe(Code.UNAVAILABLE);
  });
});

describe('over gRPC, too', () => {
  it('an answer larger than the client accepts [report 31]', async () => {
    const { address } = await grpcServer({ name: 'x'.repeat(5_000_000), done: true });
    const failure = await callFailure(grpcClient(stubFor(address)));
    expect(failure).toEqual(lasting);
    expect(failure.message).toContain('larger than max');
  });

  it.each([
    [8, 'Received message exceeds the maximum configured message size.'],
    [8, 'Sending message exceeds the maximum configured message size.'],
    [8, 'received metadata size exceeds hard limit (18013 vs. 16384);  grpc-status:44B'],
    [8, 'received initial metadata size exceeds limit (8200 vs. 8192)'],
    [8, 'gRPC message exceeds maximum size 4194304: 5000000'],
    [8, 'Response header metadata larger than 8192: 10000'],
    [8, 'Received message that decompresses to a size larger than 4194304'],
    [8, 'Attempted to send message with a size larger than 4194304'],
    [13, 'header list size to send violates the maximum size (8192 bytes) set by server'],
    [13, 'http2 exception: Header size exceeded max allowed size (10240)'],
  ])(
    'messages and header fields that are too large, code %i: %s [report 31]',
    async (code, details) => {
      const { address } = await grpcServer({ error: { code, details } });
      expect(await callFailure(grpcClient(stubFor(address)))).toEqual(lasting);
    },
  );

  it.each([
    'received metadata size exceeds soft limit (9000 vs. 8192), rejecting requests with some random probability',
    'Too many messages: the rate exceeded the limit',
    'Metadata requests exceeded the limit of 10 per minute',
  ])('but what may pass is retried: %s [report 31]', async (details) => {
    const { address } = await grpcServer({ error: { code: 8, details } });
    expect(await callFailure(grpcClient(stubFor(address)))).toMatchObject({ attempts: 3 });
  });

  it('but a quota of the server passes [report 31]', async () => {
    const { address } = await grpcServer({
      error: { code: 8, details: 'Quota: larger than yours.' },
    });
    const failure = await callFailure(grpcClient(stubFor(address)));
    expect(failure).toMatchObject({ attempts: 3, codeName: 'RESOURCE_EXHAUSTED' });
  });

  it.each([
    [8, 'message throughput is larger than the per-minute quota', 'RESOURCE_EXHAUSTED'],
    [8, 'Received message exceeds the maximum configured message size.', 'FAILED_PRECONDITION'],
    [8, 'received metadata size exceeds hard limit', 'FAILED_PRECONDITION'],
    [
      14,
      'No connection established. Last error: getaddrinfo EAI_AGAIN certificatemanager.example',
      'UNAVAILABLE',
    ],
  ])('code %d with %j is %s [report 31]', async (code, details, expected) => {
    const { address } = await grpcServer({ error: { code, details } });
    const failure = await callFailure(grpcClient(stubFor(address)));
    expect(failure.codeName).toBe(expected);
  });

  it('TLS to a port that does not speak it [report 31]', async () => {
    const { address } = await grpcServer({ name, done: true });
    const stub = new GrpcStub(address, credentials.createSsl());
    closers.push(() => (stub as Client).close());
    expect(await callFailure(grpcClient(stub))).toEqual(lasting);
  });
});

describe('a token refresh behind gRPC that fails', () => {
  const passing: [string, object][] = [
    ['connect ETIMEDOUT 142.250.1.95:443', { code: 'ETIMEDOUT' }],
    [
      'request to https://oauth2.googleapis.com/token failed, reason: connect ECONNREFUSED ::1:443',
      {},
    ],
    ['Could not refresh access token: getaddrinfo EAI_AGAIN metadata.google.internal', {}],
    ['Request failed with status code 503', { code: '503' }],
    ['Request failed with status code 429', { code: 429 }],
    ['Bad gateway', { code: 502 }],
    ['network timeout at: https://oauth2.googleapis.com/token', { type: 'request-timeout' }],
    ['socket hang up', {}],
    ['The server is busy', { code: 14 }],
    ['internal_failure: Backend Error', { code: '400' }],
    ['server_error', {}],
    ['temporarily_unavailable', {}],
    ['500 Internal Server Error', {}],
    ['Bad Gateway', {}],
    ['Could not refresh access token: Service Unavailable', {}],
    ['Too Many Requests', {}],
    ['HTTP/1.1 503', {}],
    ['Request to https://sts.example.com/v1/token failed with status: 504', {}],
    ['{"error":{"code":503,"status":"UNAVAILABLE","message":"Busy"}}', {}],
    ['{"error": "internal_failure"}', {}],
    ['<!DOCTYPE html>\n<html><head><title>Error 502 (Server Error)!!1</title></head></html>', {}],
    ['<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head></html>', {}],
    ['<html><body>Come back later.</body></html>', {}],
    [`Unexpected token '<', "<!DOCTYPE "... is not valid JSON`, {}],
    ['Unexpected end of JSON input', {}],
    ["Expected ',' or '}' after property value in JSON at position 20", {}],
    ['The user aborted a request.', {}],
    ['{"access_token":"ya29', {}],
    ['Backend Error', {}],
    ['other side closed', {}],
    ['Client network socket disconnected before secure TLS connection was established', {}],
    ['invalid json response body at https://a.example/token reason: Premature close', {}],
  ];

  it.each(passing)('is retried: %s [report 32]', async (message, fields) => {
    const { address } = await grpcServer({ name, done: true });
    let failures = 0;
    const generator = credentials.createFromMetadataGenerator((_, callback) => {
      failures += 1;
      callback(Object.assign(new Error(message), fields));
    });
    const failure = await callFailure(grpcClient(stubFor(address, generator)));
    expect(failure.attempts).toBe(3);
    expect(failures).toBe(3);
  });

  it.each<[string, object]>([
    ['invalid_grant', { code: '400' }],
    ['Request failed with status code 400', { code: 400 }],
    ['Could not load the default credentials.', {}],
    ['request to https://a.example failed, reason: self-signed certificate', {}],
    ['No such key', { code: 5 }],
    ['Port 127.0.0.1:503 is not allowed', {}],
    ["ENOENT: no such file or directory, open '/var/network/creds.json'", {}],
    ['ENOENT: no such file or directory, open /run/socket/timeout.json', {}],
    ['ENOENT: no such file or directory, open C:\\socket hang up\\creds.json', {}],
    ["EACCES: permission denied, open 'Service Unavailable.json'", {}],
    ['The caller has no access to project 500', {}],
    ['Permission denied for 503@p.iam.gserviceaccount.com', {}],
    ['Unknown service account abort-network@p.iam.gserviceaccount.com', {}],
    ['Project my-socket-timeout was deleted', {}],
    ['The network of this service account is not allowed', {}],
    ['503 keys are too many', {}],
    ['<html><head><title>403 Forbidden</title></head></html>', {}],
    ['{"error":"invalid_grant","error_description":"Token has been revoked."}', {}],
  ])('is final: %s [report 32]', async (message, fields) => {
    const { address } = await grpcServer({ name, done: true });
    const generator = credentials.createFromMetadataGenerator((_, callback) =>
      callback(Object.assign(new Error(message), fields)),
    );
    const failure = await callFailure(grpcClient(stubFor(address, generator)));
    expect(failure).toMatchObject({ attempts: 1, codeName: 'UNAUTHENTICATED' });
    expect(failure.message).toContain(message);
  });

  it('is survived behind google-gax [report 32]', async () => {
    const { address } = await grpcServer({ name, done: true });
    const operations = grpcOperations(address);
    closers.push(() => operations.close());
    let failures = 0;
    const generator = credentials.createFromMetadataGenerator((_, callback) => {
      failures += 1;
      if (failures < 3) callback(new Error('read ECONNRESET'));
      else callback(null, new Metadata());
    });
    const withCredentials = {
      getOperation: (request: never, options: object) =>
        operations.getOperation(request, {
          ...options,
          otherArgs: { options: { credentials: generator } },
        }),
    };
    const client = gaxClient({ ...(operations as object), ...withCredentials } as never);
    expect(await getOperation(client, name, quick)).toMatchObject({ name, done: true });
    expect(failures).toBe(3);
  });
});

/** A server that gives every get the same answer. */
async function grpcServer(answer: object): Promise<{ readonly address: string }> {
  const GetOperation = (_: unknown, callback: (error: object | null, value?: object) => void) =>
    'error' in answer ? callback(answer.error as object) : callback(null, answer);
  const server = await startGrpcServer({ grpc: { GetOperation } as never });
  closers.push(server.close);
  return server;
}

function stubFor(address: string, callCredentials?: CallCredentials): GrpcStub {
  const addCredentials: Interceptor = (options, next) =>
    new InterceptingCall(
      next(callCredentials === undefined ? options : { ...options, credentials: callCredentials }),
    );
  const stub = new GrpcStub(address, credentials.createInsecure(), {
    interceptors: [addCredentials],
  });
  closers.push(() => (stub as Client).close());
  return stub;
}
