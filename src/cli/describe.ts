import type { StatusError } from '../core/errors/status-error.js';
import type { OperationEvent } from '../core/events.js';
import type { Operation } from '../core/operation.js';
import { codeName } from '../core/status/code.js';
import type { Status } from '../core/status/status.js';
import { HttpError } from '../clients/http/http-error.js';
import { formatDuration } from './duration.js';
import { toJson, type Output } from './output.js';
import { percentOf, progressText, stateOf } from './progress-bar.js';

/** An operation in a line: `operations/1  running  40 %`. */
export function describeOperation(operation: Operation, clean: Output['clean']): string {
  const { name, done, error } = operation;
  const far = done ? undefined : (percentOf(operation) ?? progressText(operation, clean));
  const failure = error && describeError(error);
  return [name, stateOf(operation), far, failure].filter((part) => part !== undefined).join('  ');
}

/** What an operation ended with, in lines beneath the first one: its response, or the details of its error. */
export function describeOutcome(operation: Operation, clean: Output['clean']): string {
  const { response, error } = operation;
  const details = (error?.details ?? []).map((detail) => `  ${toJson(detail)}`);
  const made = response === undefined ? [] : [toJson(response, 2)];
  return [describeOperation(operation, clean), ...details, ...made].join('\n');
}

/** Makes a listener that tells of calls that failed and are made again. */
export function noteRetries(say: (note: string) => void): (event: OperationEvent) => void {
  let failure = '';
  return (event) => {
    if (event.type === 'failure') failure = describeFailure(event.error);
    if (event.type === 'retry') {
      const { method, delay } = event;
      say(`${failure} The ${method} call is made again in ${formatDuration(delay)}.`);
    }
  };
}

/** Makes a listener that tells how a cancel goes, during a wait that goes on after it. */
export function noteCancel(say: (note: string) => void): (event: OperationEvent) => void {
  return (event) => {
    if (event.type === 'cancel') say('The server is asked to cancel the operation.');
    if (event.type === 'answer' && event.method === 'cancel') {
      say('The server accepted the cancel; waiting for the end of the operation.');
    }
  };
}

function describeError({ code, message }: Status): string {
  const text = message.replaceAll('\n', ' ');
  return `${codeName(code)} (${code})${text && `: ${text}`}`;
}

function describeFailure({ cause, codeName: code, status }: StatusError): string {
  // The error of the call is made of the one that the client threw.
  const source = cause instanceof Error ? cause.cause : undefined;
  const http = source instanceof HttpError ? ` (HTTP ${source.status})` : '';
  return `${code}${http}: ${status.message.replaceAll('\n', ' ').replace(/[^.!?]$/, '$&.')}`;
}
