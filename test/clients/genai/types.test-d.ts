import {
  GenerateVideosOperation,
  type GenerateVideosResponse,
  type GoogleGenAI,
} from '@google/genai';
import { waitForDone } from 'rx-lro';
import { genaiClient } from 'rx-lro/genai';
import { expectTypeOf, test } from 'vitest';

declare const ai: GoogleGenAI;

test('the type of the video arrives at waitForDone, by name and by what a start call gives', () => {
  const client = genaiClient(ai.operations, GenerateVideosOperation);
  expectTypeOf(
    waitForDone(client, 'models/m/operations/1'),
  ).resolves.toEqualTypeOf<GenerateVideosResponse>();
  const started = ai.models.generateVideos({ model: 'veo', prompt: 'A cat.' });
  expectTypeOf(waitForDone(client, started)).resolves.toExtend<
    GenerateVideosResponse | undefined
  >();
});

test('what is no class of operations is refused', () => {
  // @ts-expect-error A Date is no operation.
  genaiClient(ai.operations, Date);
});
