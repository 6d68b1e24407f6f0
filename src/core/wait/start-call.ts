import { decodeOperation, isErrorEnvelope } from '../answer/decode.js';
import { pollAfterIn } from '../answer/poll-after.js';
import { Call } from '../call/call.js';
import { ProtocolError } from '../errors/protocol-error.js';
import type { KnownSource, StartCall } from './source.js';

/**
 * The wait for the answer of a start call, which somebody else made. It is not made again: whether that
 * would start a second operation, only its caller knows.
 *
 * @returns To begin.
 * @internal
 */
export function awaitStart(
  startCall: StartCall,
  onStarted: (started: KnownSource) => void,
  onFailure: (thrown: unknown) => void,
): Call {
  const onAnswer = (answer: unknown): void => {
    let started: KnownSource;
    try {
      started = readStarted(answer);
    } catch (error) {
      return onFailure(error);
    }
    onStarted(started);
  };
  // How long it takes to start an operation is the caller's own affair, within `timeout`.
  return new Call({ start: () => startCall, onAnswer, onFailure });
}

/**
 * Takes the failure of a start call for which nobody waits any more.
 *
 * @internal
 */
export function leaveStart(startCall: unknown): void {
  // `then` of a promise that is not the platform's own may be what makes the call.
  if (startCall instanceof Promise) startCall.catch(() => undefined);
}

function readStarted(answer: unknown): KnownSource {
  if (typeof answer === 'string' && answer !== '') return { name: answer };
  if (isErrorEnvelope(answer)) throw answer;
  const snapshot = decodeOperation(answer);
  if (snapshot.done || snapshot.name !== '') {
    return { snapshot, pollAfter: pollAfterIn(answer) };
  }
  throw new ProtocolError({
    problem: 'is not an operation: it has no name and is not done',
    answer,
  });
}
