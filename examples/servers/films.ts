/**
 * A service that makes films, for examples whose processes come and go: it runs in a process of its own, until the
 * one that forked it ends. POST /v1/films starts an operation, scripted by the body.
 */
import { FakeOperations, type OperationScript } from 'rx-lro/testing';
import { serve } from '../quickstart/server.js';

const fake = new FakeOperations();

const server = await serve(async (request) => {
  const isStart = request.method === 'POST' && request.url.endsWith('/v1/films');
  if (!isStart) {
    const response = await fake.fetch(request);
    process.send?.({ answered: `${request.method} ${new URL(request.url).pathname}` });
    return response;
  }
  return Response.json(fake.start((await request.json()) as OperationScript));
});

process.on('disconnect', () => void server.close());
process.send?.({ url: server.url });
