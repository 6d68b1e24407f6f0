/** Video generation with @google/genai, resumed by its name alone: `npx tsx examples/genai.ts`. */
import { GenerateVideosOperation, GoogleGenAI } from '@google/genai';
import { StatusError, waitForDone } from 'rx-lro';
import { genaiClient } from 'rx-lro/genai';
import { FakeOperations } from 'rx-lro/testing';
import { serve } from './quickstart/server.js';

// The Gemini API on this machine: it is asked for a video, and then about its operation.
const fake = new FakeOperations();
const generatedSamples = [{ video: { uri: 'https://example.com/cat.mp4' } }];
const server = await serve((request) => {
  if (!request.url.includes(':predictLongRunning')) return fake.fetch(request);
  const operation = fake.start({
    name: 'models/veo/operations/1',
    duration: 300,
    response: { generateVideoResponse: { generatedSamples } },
  });
  return Promise.resolve(Response.json(operation));
});

const ai = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: server.url } });
const client = genaiClient(ai.operations, GenerateVideosOperation);
const options = { backoff: { startingDelay: 50 } };

// What the start call gives is a snapshot, and the response is typed.
const started = await ai.models.generateVideos({ model: 'veo', source: { prompt: 'A cat.' } });
const made = await waitForDone(client, started, options);
console.log('The video:', made?.generatedVideos?.[0]?.video?.uri);

// Another process knows only the name.
const resumed = await waitForDone(client, 'models/veo/operations/1', options);
console.log('The same:', resumed?.generatedVideos?.[0]?.video?.uri);

// A failure of the call has its code and its message.
await waitForDone(client, 'models/veo/operations/2', options).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`models/veo/operations/2: ${error.codeName}`);
});

await server.close();
