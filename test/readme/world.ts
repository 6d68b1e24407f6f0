// The world that the blocks of README.md run in. It is loaded before each of them.

import { FakeOperations } from 'rx-lro/testing';
import { asyncScheduler } from 'rxjs';

// Time goes on by one with each question about an operation. So it does not matter how fast the machine is.
let questions = 0;

const fake = new FakeOperations({
  scheduler: {
    now: () => questions,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
  },
});

const known = new Set<string>();

function start(name: string): unknown {
  known.add(name);
  return fake.start({
    name,
    metadata: { progressPercent: 0 },
    steps: [
      { after: 1, metadata: { progressPercent: 50 } },
      {
        after: 1,
        metadata: { progressPercent: 100 },
        response: { url: 'https://films.example.com/42.mp4' },
      },
    ],
  });
}

// A job API: each job is done at the third answer.
let answers = 0;
let isCancelled = false;

function answerOfJobs({ url, method }: Request): Response {
  if (url.endsWith('/cancel')) isCancelled = true;
  if (method === 'POST' && url.endsWith('/jobs')) answers = 0;
  const percent = Math.min(100, 50 * answers);
  if (method === 'GET') answers += 1;
  const url42 = 'https://films.example.com/42.mp4';
  if (isCancelled) return Response.json({ id: '42', state: 'cancelled', percent });
  return Response.json(
    percent === 100
      ? { id: '42', state: 'done', percent, url: url42 }
      : { id: '42', state: 'running', percent },
  );
}

// One service at every address, which has every operation that it is asked about.
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).pathname.startsWith('/jobs')) return answerOfJobs(request);
  const name = /operations\/\w+/.exec(new URL(request.url).pathname)?.[0];
  if (name === undefined) return Response.json(start('operations/42'));
  if (!known.has(name)) start(name);
  const response = await fake.fetch(request);
  if (request.method === 'GET') questions += 1;
  return response;
};

// Whoever asks to be told of Ctrl-C gets one soon.
process.on('newListener', (event) => {
  if (event === 'SIGINT') setTimeout(() => process.kill(process.pid, 'SIGINT'), 100);
});
