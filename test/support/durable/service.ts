// A fake of google.longrunning over HTTP, as a process of its own: it takes its time to answer, and counts what it
// is asked. It ends with the process that started it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { endOf, summaryOf, type OperationRecord } from './operation-record.js';

/** Which operations to start. Times are in milliseconds. */
export interface StartRequest {
  /** Their names are `operations/<prefix>-<number>`. */
  readonly prefix: string;
  readonly count: number;
  /** Their durations are spread evenly over what lies between. */
  readonly shortest: number;
  readonly longest: number;
  /** How long a call about one of them takes. Default: 20. */
  readonly latency?: number;
  /** Whether they tell their progress. Default: no. */
  readonly tellsProgress?: boolean;
}

/** A run of a handler. */
export interface RunRequest {
  readonly name: string;
  readonly key: string;
  readonly outcome: string;
}

// How long the operation goes on once its cancel has arrived.
const CANCEL_TAKES = 200;

const records = new Map<string, OperationRecord>();
const arrivals: number[] = [];

function start(request: StartRequest): string[] {
  const { prefix, count, shortest, longest, latency = 20, tellsProgress = false } = request;
  const started = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const name = `operations/${prefix}-${index}`;
    // Neighbours differ widely, and every part of the list has all durations.
    const part = (index * 0.618_033_988_75) % 1;
    records.set(name, {
      name,
      started,
      ends: started + Math.round(shortest + (longest - shortest) * part),
      latency,
      tellsProgress,
      gets: [],
      cancels: [],
      callsUnderWay: 0,
      mostCallsAtOnce: 0,
      runs: [],
    });
    return name;
  });
}

function snapshotOf(record: OperationRecord, now: number): object {
  const { name, started, ends, cancelled, tellsProgress } = record;
  const part = Math.min(1, (now - started) / (ends - started));
  const metadata = tellsProgress ? { progressPercent: 5 * Math.floor(20 * part) } : undefined;
  if (now < endOf(record)) return { name, metadata, done: false };
  if (cancelled === undefined) return { name, metadata, done: true, response: { made: name } };
  return { name, metadata, done: true, error: { code: 1, message: 'It was cancelled.' } };
}

function countCall(record: OperationRecord, response: ServerResponse): void {
  record.callsUnderWay += 1;
  record.mostCallsAtOnce = Math.max(record.mostCallsAtOnce, record.callsUnderWay);
  // Also when the connection is lost, as when a worker is killed.
  response.once('close', () => {
    record.callsUnderWay -= 1;
  });
}

function answerCall(path: string, response: ServerResponse): void {
  const arrived = Date.now();
  arrivals.push(arrived);
  const isCancel = path.endsWith(':cancel');
  const record = records.get(isCancel ? path.slice(0, -':cancel'.length) : path);
  if (record === undefined) {
    send(response, 404, { error: { code: 404, status: 'NOT_FOUND', message: 'Not found.' } });
    return;
  }
  countCall(record, response);
  (isCancel ? record.cancels : record.gets).push(arrived);
  setTimeout(() => {
    const now = Date.now();
    if (isCancel && now < endOf(record)) record.cancelled = now + CANCEL_TAKES;
    send(response, 200, isCancel ? {} : snapshotOf(record, now));
  }, record.latency);
}

function countRun({ name, key, outcome }: RunRequest): { readonly runs: number } {
  const runs = records.get(name)?.runs ?? [];
  runs.push({ at: Date.now(), key, outcome });
  return { runs: runs.length };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(request.url ?? '');
  if (path.startsWith('/v1/')) return answerCall(path.slice('/v1/'.length), response);
  if (path === '/start') return send(response, 200, start((await bodyOf(request)) as StartRequest));
  if (path === '/run') return send(response, 200, countRun((await bodyOf(request)) as RunRequest));
  if (path === '/summary') return send(response, 200, summaryOf([...records.values()]));
  if (path === '/arrivals') return send(response, 200, arrivals);
  if (path === '/records') return send(response, 200, [...records.values()]);
  return send(response, 404, {});
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString());
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) =>
    send(response, 500, { error: String(error) }),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ kind: 'ready', url: `http://127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit(0));
