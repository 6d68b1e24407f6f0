/** A webhook that says when to ask: `npx tsx examples/webhook.ts`. */
import { Subject, filter } from 'rxjs';
import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { FakeOperations } from 'rx-lro/testing';
import { serve } from './quickstart/server.js';

// A service on this machine.
const fake = new FakeOperations();
const service = await serve((request) => fake.fetch(request));
const client = restClient({ baseUrl: `${service.url}/v1` });

// The webhook. Anybody may call it, so it only says what to ask about: the service knows the result.
const named = new Subject<unknown>();
const webhook = await serve(async (request) => {
  const { name } = (await request.json()) as { readonly name?: unknown };
  named.next(name);
  return new Response(null, { status: 204 });
});

// The service calls it when an operation is done.
function start(duration: number, response: string): string {
  const { name } = fake.start({ duration, response });
  const body = JSON.stringify({ name });
  setTimeout(() => void fetch(webhook.url, { method: 'POST', body }), duration + 50);
  return name;
}

/** Polls once a minute, in case that a call of the webhook is lost. */
const wait = (name: string): Promise<unknown> =>
  waitForDone(client, name, {
    notifier: named.pipe(filter((each) => each === name)),
    backoff: { startingDelay: 60_000 },
  });

const films = [wait(start(300, 'a long film')), wait(start(100, 'a short film'))];
console.log(await Promise.all(films));
console.log(`${fake.calls.length} calls`);

await Promise.all([service.close(), webhook.close()]);
