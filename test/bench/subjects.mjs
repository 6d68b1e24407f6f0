// Each subject waits for one operation, as somebody who uses it would write it down. Each imports only
// what it is made of. Without a delay it waits by its own defaults.

/** From the name of a subject to what makes its wait. */
export const subjects = {
  'rx-lro': async (service, delay) => {
    const { waitForDone } = await import('rx-lro');
    const client = { get: ({ name }) => service.get(name) };
    const { signal } = new AbortController();
    let events = 0;
    const onEvent = () => {
      events += 1;
    };
    const backoff = delay && { startingDelay: delay, timeMultiple: 1 };
    return (name) => waitForDone(client, name, { signal, onEvent, backoff });
  },

  'google-gax': async (service, delay) => {
    const gax = await import('google-gax');
    const client = {
      getOperationInternal: ({ name }) => service.get(name).then((answer) => [answer]),
    };
    const decode = () => ({});
    const descriptor = new gax.LongrunningDescriptor(client, decode, decode);
    const backoff =
      delay === undefined
        ? gax.createDefaultBackoffSettings()
        : gax.createBackoffSettings(delay, 1, delay, null, null, null, null);
    return (name) => gax.operation({ name, done: false }, descriptor, backoff).promise();
  },

  '@azure/core-lro': async (service, delay) => {
    const { createHttpPoller } = await import('@azure/core-lro');
    const poll = async (path) => {
      const { done } = await service.get(path);
      const body = { status: done ? 'Succeeded' : 'Running' };
      const request = { method: 'GET', url: path };
      return { flatResponse: body, rawResponse: { request, statusCode: 200, headers: {}, body } };
    };
    return (name) => {
      const start = async () => {
        const request = { method: 'POST', url: 'start' };
        const headers = { 'operation-location': name };
        return { flatResponse: {}, rawResponse: { request, statusCode: 202, headers, body: {} } };
      };
      const poller = createHttpPoller(
        { sendInitialRequest: start, sendPollRequest: poll },
        { intervalInMs: delay },
      );
      return poller.pollUntilDone();
    };
  },

  '@smithy/util-waiter': async (service, delay) => {
    const { createWaiter, WaiterState } = await import('@smithy/util-waiter');
    const client = {
      send: async ({ name }) => ({
        ...(await service.get(name)),
        $metadata: { httpStatusCode: 200 },
      }),
    };
    const check = async (it, input) => {
      const reason = await it.send(input);
      return { state: reason.done ? WaiterState.SUCCESS : WaiterState.RETRY, reason };
    };
    const delays = delay && { minDelay: delay / 1000, maxDelay: delay / 1000 };
    // It has no default; with this one it waits for as long as any operation here takes.
    const options = { client, maxWaitTime: 1_000_000, ...delays };
    return (name) => createWaiter(options, { name }, check);
  },

  'plain RxJS, every 2 s': async (service, delay = 2000) => {
    const { exhaustMap, filter, firstValueFrom, map, timer } = await import('rxjs');
    return (name) =>
      firstValueFrom(
        timer(0, delay).pipe(
          exhaustMap(() => service.get(name)),
          filter(({ done }) => done),
          map(({ response }) => response),
        ),
      );
  },

  'bare `await` loop, every 1 s': async (service, delay = 1000) => {
    return async (name) => {
      for (;;) {
        const operation = await service.get(name);
        if (operation.done) return operation.response;
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    };
  },
};
