import { createServer } from 'node:http';

const json = { 'content-type': 'application/json' };
const page = { 'content-type': 'text/html' };
const half = '{"name":"operations/1","done":false,"metadata":{"text":"'.padEnd(200, 'x');
const html = '<html><body>Something is wrong.</body></html>';

// By the first part of the path. What is not here never answers.
const answers = {
  'limit 429': [429, { ...json, 'retry-after': '20' }, '{"message":"Slow down."}'],
  'limit 403': [403, { ...json, 'retry-after': '20' }, '{"message":"Slow down."}'],
  'throttling 400': [
    400,
    { ...json, 'x-amzn-errortype': 'ThrottlingException' },
    '{"__type":"ThrottlingException","message":"Rate exceeded"}',
  ],
  503: [503, json, '{"message":"Busy."}'],
  'page 502': [502, page, html],
  'page 200': [200, page, html],
  401: [401, json, '{"message":"Who are you?"}'],
  404: [404, json, '{"message":"There is no such job."}'],
  'cut JSON': [200, json, half],
  cut: [200, { ...json, 'content-length': 2 * half.length }, half],
  empty: [200, json, ''],
};

/** Starts a server on loopback that fails by the first part of the path: its address, and how to stop it. */
export async function startServer() {
  const server = createServer((request, response) => {
    const scenario = decodeURIComponent(request.url.split('/')[1]);
    if (scenario === 'reset') request.socket.destroy();
    const answer = answers[scenario];
    if (answer === undefined) return;
    const [status, headers, body] = answer;
    if (scenario !== 'cut') response.writeHead(status, headers).end(body);
    else response.writeHead(status, headers).write(body, () => request.socket.destroySoon());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
