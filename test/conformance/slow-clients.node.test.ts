import type { CallOptions, OperationsClient } from 'rx-lro';
import {
  conformanceScenarios,
  runScenario,
  type ConformanceSubject,
  type FakeClient,
} from 'rx-lro/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** Waits, unless the signal is aborted: then it rejects at once. */
function pause(millis: number, { signal }: CallOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    }, millis);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
  });
}

/** The client, where each request and each answer takes some time. */
function slowed(
  { get, list, cancel, delete: remove, wait }: FakeClient,
  millis: number,
): OperationsClient {
  const slow =
    <Request, Answer>(call: (request: Request, options: CallOptions) => Promise<Answer>) =>
    async (request: Request, options: CallOptions): Promise<Answer> => {
      await pause(millis, options);
      const answer = call(request, options);
      await answer.catch(() => undefined);
      await pause(millis, options);
      return answer;
    };
  return {
    get: slow(get),
    list: slow(list),
    cancel: slow(cancel),
    delete: slow(remove),
    ...(wait && { wait: slow(wait) }),
  };
}

const subjectOf = (millis: number): ConformanceSubject => ({
  name: 'slow',
  connect: async ({ client }) => ({
    client: slowed(client, millis),
    close: async () => undefined,
  }),
  notApplicable: {
    cause: 'There is no error of another library behind its own.',
    'server-gone': 'There is no server: it is the service itself.',
  },
});

describe('a correct client passes, however long its calls take', () => {
  // Time goes on when nothing else is left to do.
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setTimerTickMode('nextTimerAsync');
  });
  afterEach(() => vi.useRealTimers());

  describe.each([100, 500, 4_000])('%d ms each way [fake 3]', (millis) => {
    test.for(conformanceScenarios)('$title', async (scenario) => {
      const result = await runScenario(subjectOf(millis), scenario);
      expect(result).not.toHaveProperty('error');
    });
  });
});
