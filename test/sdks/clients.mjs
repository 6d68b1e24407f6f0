// A `get` for each SDK and HTTP client, as its users would write it, with its own retries turned off.
// The name of the operation is what fails.
// Angular's packages are compiled where they are loaded.
// oxlint-disable-next-line import/no-unassigned-import
import '@angular/compiler';
import { FetchBackend, HttpClient } from '@angular/common/http';
import { createEnvironmentInjector, provideZonelessChangeDetection } from '@angular/core';
import Anthropic from '@anthropic-ai/sdk';
import { BatchGetBuildsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild';
import {
  createDefaultHttpClient,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { request as octokit } from '@octokit/request';
import axios from 'axios';
import { Gaxios } from 'gaxios';
import { got } from 'got';
import ky from 'ky';
import OpenAI from 'openai';

// Milliseconds. The others may be slow on a busy machine.
const timeoutOf = (name) => (name === 'timeout' ? 100 : 30_000);

/** Makes the clients of a server. */
export function clientsOf(url) {
  const at = (name) => `${url}/${encodeURIComponent(name)}`;
  const limited = (name, signal) => AbortSignal.any([signal, AbortSignal.timeout(timeoutOf(name))]);
  const own = (name) => ({
    baseURL: at(name),
    apiKey: 'key',
    maxRetries: 0,
    timeout: timeoutOf(name),
  });
  const gaxios = new Gaxios();
  const azure = createDefaultHttpClient();
  const angular = angularClient();
  return {
    fetch: async ({ name }, { signal }) => {
      const response = await fetch(at(name), { signal: limited(name, signal) });
      if (!response.ok) throw response;
      return response.json();
    },
    axios: async ({ name }, { signal }) => {
      const { data } = await axios.get(at(name), { signal, timeout: timeoutOf(name) });
      return data;
    },
    got: ({ name }, { signal }) =>
      got(at(name), { signal, timeout: { request: timeoutOf(name) }, retry: { limit: 0 } }).json(),
    ky: ({ name }, { signal }) =>
      ky(at(name), { signal, timeout: timeoutOf(name), retry: 0 }).json(),
    Angular: ({ name }) => angular.get(at(name), { timeout: timeoutOf(name) }),
    gaxios: async ({ name }, { signal }) => {
      const { data } = await gaxios.request({
        url: at(name),
        signal,
        timeout: timeoutOf(name),
        retry: false,
      });
      return data;
    },
    octokit: async ({ name }, { signal }) => {
      const { data } = await octokit('GET /', {
        baseUrl: at(name),
        request: { signal: limited(name, signal) },
      });
      return data;
    },
    openai: ({ name }, { signal }) => new OpenAI(own(name)).batches.retrieve('1', { signal }),
    anthropic: ({ name }, { signal }) =>
      new Anthropic(own(name)).messages.batches.retrieve('1', { signal }),
    AWS: ({ name }, { signal: abortSignal }) =>
      new CodeBuildClient({
        endpoint: at(name),
        region: 'eu-central-1',
        credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
        maxAttempts: 1,
        requestHandler: { requestTimeout: timeoutOf(name), throwOnRequestTimeout: true },
      }).send(new BatchGetBuildsCommand({ ids: ['1'] }), { abortSignal }),
    // What the clients that are generated for Azure do with each answer.
    Azure: async ({ name }, { signal: abortSignal }) => {
      const request = createPipelineRequest({
        url: at(name),
        abortSignal,
        timeout: timeoutOf(name),
        allowInsecureConnection: true,
      });
      const response = await azure.sendRequest(request);
      if (response.status >= 400) {
        const { status: statusCode } = response;
        throw new RestError(response.bodyAsText, { statusCode, request, response });
      }
      return JSON.parse(response.bodyAsText);
    },
  };
}

function angularClient() {
  const providers = [FetchBackend, provideZonelessChangeDetection()];
  return new HttpClient(createEnvironmentInjector(providers, null).get(FetchBackend));
}
