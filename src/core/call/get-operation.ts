import type { OperationsClient } from '../client.js';
import { mismatchTeller } from '../events.js';
import { convertOperation } from '../answer/convert.js';
import { decodeOperation } from '../answer/decode.js';
import type { Operation } from '../operation.js';
import type { DecodeOptions } from '../answer/decoder.js';
import type { RequestOptions } from '../options.js';
import { resolveCallSettings, resolveDecoders } from './settings.js';
import { checkCall } from './check-client.js';
import { runCall, runToPromise } from './run.js';

/**
 * Asks once for the latest state of an operation. A call that fails is tried again.
 *
 * Source: `GetOperation` in google/longrunning/operations.proto.
 *
 * @param client - Any client.
 * @param name - The name of the operation.
 * @param options - All optional. The signal gives up the call; it cancels nothing on the server.
 * @returns The latest snapshot, done or not.
 * @throws CallFailedError when the call failed and was not survived.
 * @throws ProtocolError when the answer is no operation, or its response not what `response` takes.
 * @throws TypeError or RangeError, before any call, when something given is not valid; the signal's own
 * reason when it is aborted.
 *
 * @example
 * ```ts
 * import { getOperation, type OperationsClient } from 'rx-lro';
 *
 * export const isDone = async (client: OperationsClient, name: string): Promise<boolean> =>
 *   (await getOperation(client, name)).done;
 * ```
 */
export async function getOperation<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  Response = ClientResponse,
  Metadata = ClientMetadata,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  name: string,
  options: RequestOptions & DecodeOptions<Response, Metadata> = {},
): Promise<Operation<Response, Metadata>> {
  checkCall(client, name);
  const decoders = resolveDecoders(options);
  const settings = resolveCallSettings(options);
  const operation = await runToPromise<Operation>(settings.signal, (task, resolve, reject) =>
    runCall(
      task,
      client,
      'get',
      {
        name,
        start: (_, callOptions) => client.get({ name }, callOptions),
        read: (answer) => decodeOperation(answer, name),
        onAnswer: (answered) => {
          const onMismatch = mismatchTeller(settings, name, answered);
          // Within the run, so that the signal ends a decoder that hangs.
          Promise.resolve(answered)
            .then((each) => convertOperation(each, decoders, onMismatch))
            .then(resolve, reject);
        },
        onFailed: reject,
      },
      settings,
    ),
  );
  return operation as Operation<Response, Metadata>;
}
