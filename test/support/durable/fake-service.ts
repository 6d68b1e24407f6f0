import { bundleOf } from './bundle.js';
import type { OperationRecord, Summary } from './operation-record.js';
import { endProcess, messageOf, startScript } from './processes.js';
import type { RunRequest, StartRequest } from './service.js';

/** A fake service that runs in a process of its own. */
export interface FakeService {
  /** Where clients call it. */
  readonly url: string;
  /** Starts operations. Gives their names. */
  readonly start: (request: StartRequest) => Promise<readonly string[]>;
  /** Counts a run of a handler. */
  readonly run: (run: RunRequest) => Promise<unknown>;
  /** What it has seen, in numbers. */
  readonly summary: () => Promise<Summary>;
  /** What it has seen of each operation. */
  readonly records: () => Promise<readonly OperationRecord[]>;
  /** When each call arrived, in milliseconds since the epoch. */
  readonly arrivals: () => Promise<readonly number[]>;
  readonly stop: () => Promise<void>;
}

/** Starts a fake service. */
export async function startService(): Promise<FakeService> {
  const process = startScript(await bundleOf('service'), {});
  const { url } = await messageOf<{ readonly kind: 'ready'; readonly url: string }>(
    process,
    'ready',
  );
  const ask = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(url + path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Answer;
  };
  return {
    url,
    start: (request) => ask('/start', request),
    run: (run) => ask('/run', run),
    summary: () => ask('/summary'),
    records: () => ask('/records'),
    arrivals: () => ask('/arrivals'),
    stop: () => endProcess(process, 'SIGKILL'),
  };
}
