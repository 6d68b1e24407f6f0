import { codeName, type Operation, type OperationEvent, type StatusError } from 'rx-lro';
import { HttpError } from 'rx-lro/rest';
import { seconds, type Display } from './display.js';

/** Tells of every call that failed and is tried again, and of a cancel. */
export function noteEvents(display: Display): (event: OperationEvent) => void {
  let failure = '';
  return (event) => {
    if (event.type === 'failure') failure = describe(event.error);
    if (event.type === 'retry') {
      const { method, delay } = event;
      display.line('note', `${failure} The ${method} call is made again in ${seconds(delay)}.`);
    }
    if (event.type === 'cancel') display.line('note', 'Aborted: the server is asked to cancel it.');
    if (event.type === 'answer' && event.method === 'cancel') {
      display.line('note', 'The server has taken note; its verdict is awaited.');
    }
  };
}

/** Shows how an operation ended, in the server's own words. */
export function showVerdict(display: Display, { error, response }: Operation): void {
  if (error === undefined) {
    display.line('success', response === undefined ? 'done' : JSON.stringify(response));
    return;
  }
  display.line('failure', `${codeName(error.code)} (${error.code}): ${error.message}`);
  for (const detail of error.details) display.line('plain', `  ${JSON.stringify(detail)}`);
}

function describe({ cause, codeName: code, status }: StatusError): string {
  // The call's own error is made of the one that the client threw.
  const source = cause instanceof Error ? cause.cause : undefined;
  const http = source instanceof HttpError ? ` (HTTP ${source.status})` : '';
  return `${code}${http}: ${status.message.replace(/[^.!?]$/, '$&.')}`;
}
