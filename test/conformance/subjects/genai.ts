import { GenerateVideosOperation, GoogleGenAI, type GenerateVideosResponse } from '@google/genai';
import { genaiClient } from 'rx-lro/genai';
import type { ConformanceSubject } from 'rx-lro/testing';

import { startTranslatingServer } from '../../support/translating-server.js';

const noCancel = 'ai.operations has no cancel.';

export const subjects: readonly ConformanceSubject[] = [
  {
    name: '@google/genai',
    connect: async (fake) => {
      const server = await startTranslatingServer(fake, {
        request: (request) => new Request(request.url.replace('/v1beta/', '/v1/'), request),
        // All that a video has is where it is: there the response of the script rides along.
        operation: ({ response, ...operation }) => ({
          ...operation,
          ...(response === undefined
            ? {}
            : {
                response: {
                  generateVideoResponse: {
                    generatedSamples: [{ video: { uri: JSON.stringify(response) } }],
                  },
                },
              }),
        }),
      });
      const ai = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: server.url } });
      return { client: genaiClient(ai.operations, GenerateVideosOperation), ...server };
    },
    notApplicable: {
      ...Object.fromEntries(
        [
          'cancel-honoured',
          'cancel-ignored',
          'cancel-late',
          'cancel-twice',
          'abort-before',
          'abort-in-flight',
          'abort-in-delay',
        ].map((id) => [id, noCancel]),
      ),
      delete: 'ai.operations has no delete.',
      wait: 'ai.operations has no wait.',
      'wait-held': 'ai.operations has no wait.',
      'list-pages': 'ai.operations has no list.',
      'list-unreachable': 'ai.operations has no list.',
      'list-request': 'ai.operations has no list.',
    },
    operationName: (id) => `models/veo/operations/${id}`,
    response: (value) => {
      const uri = (value as GenerateVideosResponse | undefined)?.generatedVideos?.[0]?.video?.uri;
      const scripted: unknown = uri === undefined ? undefined : JSON.parse(uri);
      return scripted;
    },
    metadata: (value) => value,
  },
];
