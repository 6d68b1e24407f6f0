import { lastValueFrom } from 'rxjs';
import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  listPages,
  poll,
  waitForDone,
  type OperationsClient,
} from 'rx-lro';

/** The operation of all that asks. */
export const name = 'operations/1';

/** Short times, so that a call that hangs is soon tried again. No assertion counts on any of them. */
export const options = {
  callTimeout: 120,
  backoff: { startingDelay: 20, timeMultiple: 1 },
  retry: { startingDelay: 5, jitter: 'none' as const },
};

/** What each call of a client does before it answers: undefined to answer, a promise to hang. */
export type OnCall = (call: number) => Promise<never> | undefined;

/** The tries of each call: the first one hangs, all others are answered. */
export const hangFirst: OnCall = (call) => (call === 1 ? new Promise(() => undefined) : undefined);

/** A client whose operation is done with the `doneAt`-th call; `onCall` may have calls hang. */
export function scriptedClient(onCall: OnCall, doneAt = 4): OperationsClient {
  let calls = 0;
  const answer = (): Promise<unknown> => {
    calls += 1;
    const isDone = calls >= doneAt;
    const page = { operations: [], ...(isDone ? {} : { nextPageToken: `page ${calls}` }) };
    // The count is in the metadata, so that each answer is a change. One answer serves as all kinds.
    const all = { name, done: isDone, metadata: { calls }, ...page };
    return onCall(calls) ?? Promise.resolve(all);
  };
  const method = answer as () => Promise<never>;
  return { get: method, list: method, cancel: method, delete: method };
}

type Run = (client: OperationsClient, onEvent?: () => void) => Promise<unknown>;

/** Everything that asks a client, by its name. */
export const verbs: readonly (readonly [verb: string, run: Run])[] = [
  [
    'poll',
    (client, onEvent) =>
      new Promise<void>((resolve, reject) => {
        const next = (): void => onEvent?.();
        const complete = (): void => {
          onEvent?.();
          resolve();
        };
        poll(client, name, { ...options, onEvent }).subscribe({ next, complete, error: reject });
      }),
  ],
  ['waitForDone', (client, onEvent) => waitForDone(client, name, { ...options, onEvent })],
  ['getOperation', (client, onEvent) => getOperation(client, name, { ...options, onEvent })],
  ['cancelOperation', (client, onEvent) => cancelOperation(client, name, { ...options, onEvent })],
  ['deleteOperation', (client, onEvent) => deleteOperation(client, name, { ...options, onEvent })],
  [
    'listOperations',
    (client, onEvent) =>
      lastValueFrom(listOperations(client, { name: 'p' }, { ...options, onEvent }), {
        defaultValue: undefined,
      }),
  ],
  [
    'listPages',
    async (client, onEvent) => {
      for await (const page of listPages(client, { name: 'p' }, { ...options, onEvent })) void page;
    },
  ],
];
