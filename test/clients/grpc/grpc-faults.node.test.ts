import type { ServerHttp2Session } from 'node:http2';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

import { credentials, type Client } from '@grpc/grpc-js';
import {
  Code,
  getOperation,
  isTransient,
  statusFrom,
  waitForDone,
  type CallFailedError,
  type StatusError,
} from 'rx-lro';
import { grpcClient } from 'rx-lro/grpc';
import { FakeOperations } from 'rx-lro/testing';
import { asyncScheduler } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';

import { OperationsClient } from '../../support/generated/ts-proto/google/longrunning/operations.js';
import { failureOf } from '../../support/failure-of.js';
import { startGrpcServer } from '../../support/grpc-server.js';
import { answerInPart, startRudeServer, unusedAddress } from '../../support/rude-server.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const name = 'operations/1';
const once = { retry: { numOfAttempts: 1 } };

function stubFor(address: string): OperationsClient {
  const stub = new OperationsClient(address, credentials.createInsecure(), {
    // Otherwise a second attempt waits for a second.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
  });
  closers.push(() => (stub as Client).close());
  return stub;
}

async function rude(treat: Parameters<typeof startRudeServer>[0]): Promise<string> {
  const { address, close } = await startRudeServer(treat);
  closers.push(close);
  return address;
}

// Source: the error codes of RFC 9113, section 7.
const resets: readonly [string, number][] = [
  ['NO_ERROR', 0],
  ['INTERNAL_ERROR', 2],
  ['REFUSED_STREAM', 7],
  ['CANCEL', 8],
  ['ENHANCE_YOUR_CALM', 11],
];

describe('is a failure that passes:', () => {
  test.each(resets)('a stream that the server resets with %s', async (_, code) => {
    const address = await rude((stream) => stream.close(code));
    const client = grpcClient(stubFor(address));
    const failure = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect(isTransient(failure)).toBe(true);
    expect(failure.message).toContain(name);
  });

  test('a connection that is cut in the middle of an answer', async () => {
    const address = await rude((stream) => answerInPart(stream, () => stream.session?.destroy()));
    const client = grpcClient(stubFor(address));
    const failure = await failureOf(getOperation(client, name, once));
    expect(isTransient(failure as StatusError)).toBe(true);
  });

  test('a connection that the server says goodbye to', async () => {
    const address = await rude(
      ({ session }) => session && (session as ServerHttp2Session).goaway(0, 0),
    );
    const client = grpcClient(stubFor(address));
    const call = getOperation(client, name, { ...once, callTimeout: 1_000 });
    expect(isTransient((await failureOf(call)) as StatusError)).toBe(true);
  });

  test('a proxy that answers with a page of HTML', async () => {
    const address = await rude((stream) => {
      stream.respond({ ':status': 503, 'content-type': 'text/html' });
      stream.end('<h1>Busy</h1>');
    });
    const client = grpcClient(stubFor(address));
    const failure = await failureOf(getOperation(client, name, once));
    expect([statusFrom(failure).code, isTransient(failure as StatusError)]).toEqual([
      Code.UNAVAILABLE,
      true,
    ]);
  });

  test('a port that nobody listens on', async () => {
    const stub = stubFor(await unusedAddress());
    const failure = await failureOf(getOperation(grpcClient(stub), name, once));
    expect(failure).toMatchObject({ code: Code.UNAVAILABLE, cause: expect.any(Error) as Error });
    expect((failure as Error).message).toContain('ECONNREFUSED');
    expect(isTransient(failure as StatusError)).toBe(true);
  });
});

describe('is final:', () => {
  test('a service that is another one', async () => {
    const address = await rude((stream) => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
        { endStream: true },
      );
    });
    const failure = await failureOf(getOperation(grpcClient(stubFor(address)), name, once));
    expect([statusFrom(failure).code, isTransient(failure as StatusError)]).toEqual([
      Code.UNIMPLEMENTED,
      false,
    ]);
  });

  test('the own abort, which is told with its reason and not as a reset', async () => {
    const address = await rude(() => undefined);
    const controller = new AbortController();
    const reason = new Error('The user has left.');
    const { signal } = controller;
    const wait = waitForDone(grpcClient(stubFor(address)), name, { signal, onAbort: 'detach' });
    setTimeout(() => controller.abort(reason), 20);
    expect(await failureOf(wait)).toBe(reason);
  });
});

test('a wait outlives a server that is killed and comes back', async () => {
  // The operation is done once the second server is there, however long that takes.
  let now = 0;
  const schedule = asyncScheduler.schedule.bind(asyncScheduler);
  const fake = new FakeOperations({ scheduler: { now: () => now, schedule } });
  const operation = fake.start({ duration: 300, response: { pages: 12 } });
  const first = await startGrpcServer(fake);
  // A port that stays while what is behind it comes and goes.
  let target: string | undefined = first.address;
  const sockets = new Set<Socket>();
  const port = await new Promise<number>((resolve) => {
    const relay = createTcpServer((socket) => {
      if (target === undefined) {
        socket.destroy();
        return;
      }
      const [, behind] = target.split(':');
      const upstream = connect(Number(behind), '127.0.0.1');
      for (const each of [socket, upstream]) {
        sockets.add(each);
        each.on('error', () => undefined);
        each.on('close', () => (each === socket ? upstream : socket).destroy());
      }
      socket.pipe(upstream).pipe(socket);
    });
    closers.push(() => relay.close());
    relay.listen(0, '127.0.0.1', () => resolve((relay.address() as AddressInfo).port));
  });
  const client = grpcClient(stubFor(`127.0.0.1:${port}`));
  const killFirst = async (): Promise<void> => {
    target = undefined;
    for (const socket of sockets) socket.destroy();
    await first.close();
  };
  const startSecond = async (): Promise<void> => {
    const second = await startGrpcServer(fake);
    closers.push(() => second.close());
    target = second.address;
    now = 300;
  };
  let outages = 0;
  let delays = 0;
  const wait = waitForDone(client, operation.name, {
    backoff: { startingDelay: 20, maxDelay: 20 },
    retry: { startingDelay: 50, maxDelay: 100, jitter: 'none' },
    onEvent: ({ type }) => {
      if (type === 'delay' && (delays += 1) === 2) void killFirst();
      if (type === 'retry' && (outages += 1) === 1) void startSecond();
    },
  });
  await expect(wait).resolves.toBeDefined();
  expect(outages).toBeGreaterThan(0);
});
