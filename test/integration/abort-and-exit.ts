// Waits for an operation that is never done, ends the wait at the first delay, and says what came of it.
// Nothing here ends the process: it has to end by itself.
import { poll } from 'rx-lro';
import { restClient } from 'rx-lro/rest';

const [baseUrl = '', how = ''] = process.argv.slice(2);
const controller = new AbortController();
const TEN_MINUTES = 600_000;

const subscription = poll(restClient({ baseUrl }), 'operations/1', {
  signal: controller.signal,
  onAbort: how === 'detach' ? 'detach' : 'cancel',
  timeout: 2 * TEN_MINUTES,
  cancelTimeout: TEN_MINUTES,
  callTimeout: TEN_MINUTES,
  backoff: () => (controller.signal.aborted ? 10 : TEN_MINUTES),
  onEvent: ({ type }) => {
    if (type === 'delay' && !controller.signal.aborted) setImmediate(end);
  },
}).subscribe({
  next: ({ done, error }) => console.log(done ? `done ${error?.message}` : 'running'),
  error: (error: Error) => console.log(`error ${error.message}`),
  complete: () => console.log('complete'),
});

function end(): void {
  if (how === 'unsubscribe') subscription.unsubscribe();
  else controller.abort(new Error('no more'));
}
