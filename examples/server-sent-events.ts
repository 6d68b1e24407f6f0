/** Server-sent events that say when to ask: `npx tsx examples/server-sent-events.ts`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EMPTY, Observable, repeat, retry } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';
import { poll } from 'rx-lro';
import { FakeOperations } from 'rx-lro/testing';

// A service on this machine: it sends an event whenever the operation has moved.
const fake = new FakeOperations();
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  for (const time of [600, 1_200]) setTimeout(() => response.write('data: moved\n\n'), time);
  response.once('close', () => console.log('The stream is closed.'));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;

/** Reads the stream by `fetch`, and again a second after it ends. Each piece of it is a reason to ask. */
const streamOf = (address: string): Observable<unknown> =>
  fromFetch(address, { selector: ({ body }) => body ?? EMPTY }).pipe(
    retry({ delay: 1_000 }),
    repeat({ delay: 1_000 }),
  );

/** The same where there is an EventSource, as in browsers. It connects again by itself. */
const eventsOf = (address: string): Observable<unknown> =>
  new Observable((subscriber) => {
    const source = new EventSource(address);
    source.addEventListener('message', (event) => subscriber.next(event));
    return () => source.close();
  });

const notifier = typeof EventSource === 'undefined' ? streamOf(url) : eventsOf(url);
const { name } = fake.start({
  steps: [
    { after: 500, metadata: { progressPercent: 50 } },
    { after: 600, response: 'film' },
  ],
});
// Polling once a minute is enough beside it.
await poll(fake.client, name, { notifier, backoff: { startingDelay: 60_000 } }).forEach((each) => {
  console.log(each.response ?? each.metadata ?? 'running');
});
console.log(`${fake.calls.length} calls`);

server.close();
