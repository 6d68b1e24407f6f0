import { Call } from '../call/call.js';
import { failureOf } from '../call/failure.js';
import { ProtocolError } from '../errors/protocol-error.js';
import type { StatusError } from '../errors/status-error.js';
import { decodeOperation, isErrorEnvelope } from '../answer/decode.js';
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
  onFailed: (error: StatusError) => void,
): Call {
  const onFailure = (thrown: unknown): void =>
    onFailed(failureOf({ method: 'start', name: '' }, thrown, 1));
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

function readStarted(answer: unknown): KnownSource {
  if (typeof answer === 'string' && answer !== '') return { name: answer };
  if (isErrorEnvelope(answer)) throw answer;
  const snapshot = decodeOperation(answer);
  if (snapshot.done || snapshot.name !== '') return { snapshot };
  throw new ProtocolError({ problem: 'is no operation: it has no name and is not done', answer });
}
