// A server on this machine that answers at once; an operation is done with its last call. measure.mjs starts it
// in a process of its own, and is told the port.

import { createServer } from 'node:http';

const [protocol = '', callsEach = ''] = process.argv.slice(2);
const calls = new Map();

const ports = {
  http: () =>
    new Promise((resolve) => {
      const server = createServer(({ url }, response) => {
        const body = JSON.stringify(answer(url.slice('/v1/'.length)));
        const headers = {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        };
        response.writeHead(200, headers).end(body);
      });
      server.listen(0, '127.0.0.1', () => resolve(server.address().port));
    }),
  grpc: async () => {
    const { Server, ServerCredentials } = await import('@grpc/grpc-js');
    const { operations } = await import('./operations.mjs');
    const server = new Server();
    const getOperation = ({ request }, callback) => callback(null, answer(request.name));
    server.addService(operations().service, { getOperation });
    return new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  },
};

process.send(await ports[protocol]());
// The end of the process that started it is the end of this one.
process.once('disconnect', () => process.exit());

/** What the server knows of an operation. */
function answer(name) {
  const call = (calls.get(name) ?? 0) + 1;
  if (call < Number(callsEach)) {
    calls.set(name, call);
    return { name, done: false, metadata: metadataOf(call) };
  }
  calls.delete(name);
  return { name, done: true, metadata: metadataOf(call), response: metadataOf(call) };
}

/** An Any, as either protocol writes it. */
function metadataOf(call) {
  const type = 'type.googleapis.com/google.protobuf.UInt32Value';
  return protocol === 'http'
    ? { '@type': type, value: call }
    : { type_url: type, value: Buffer.of(8, call) };
}
