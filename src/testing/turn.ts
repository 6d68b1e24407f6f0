/** What a turn of the event loop may be made of; which of these exist depends on the platform. */
export interface TurnSources {
  readonly setImmediate?: ((callback: () => void) => unknown) | undefined;
  readonly clearImmediate?: ((handle: never) => void) | undefined;
  readonly MessageChannel?: typeof MessageChannel | undefined;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
}

type Turn = () => Promise<void>;

/**
 * Picks the fastest way to let the event loop turn. When that is over, every chain of promises that
 * could run on has done so, however long it was, and bodies have been read. A turn rejects where fake
 * timers have left no way.
 */
export function turnFrom(sources: TurnSources): Turn {
  // Taken here, so that a test that replaces the timers later does not stop the turns.
  const { setImmediate, MessageChannel: Channel, setTimeout } = sources;
  const messages = typeof Channel === 'function' ? () => messageTurn(new Channel()) : undefined;
  if (typeof setImmediate === 'function') {
    return messages === undefined
      ? timerTurn(setImmediate)
      : provenTurn(setImmediate, sources.clearImmediate, messages);
  }
  return messages ?? timerTurn(setTimeout);
}

function timerTurn(timer: (callback: () => void, delay: number) => unknown): Turn {
  // The mark of @sinonjs/fake-timers, which is also in Jest and vitest.
  if ('clock' in timer) return () => Promise.reject(new Error(NO_TURN));
  return () =>
    new Promise((resolve) => {
      timer(resolve, 0);
    });
}

const NO_TURN =
  'VirtualTime needs a real timer, and `rx-lro/testing` was imported while fake timers were on: import it before, or leave `setTimeout` and `setImmediate` real.';

/**
 * By `setImmediate`, unless the first turn shows that it is a fake, which never comes by itself: a real one
 * comes before three rounds of messages are over.
 */
function provenTurn(
  setImmediate: (callback: () => void) => unknown,
  clearImmediate: ((handle: never) => void) | undefined,
  messages: Turn,
): Turn {
  const immediate: Turn = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  let chosen: Turn | undefined;
  return async () => {
    if (chosen !== undefined) return chosen();
    let handle: unknown;
    chosen = await Promise.race([
      new Promise<Turn>((resolve) => {
        handle = setImmediate(() => resolve(immediate));
      }),
      messages()
        .then(messages)
        .then(messages)
        .then(() => messages),
    ]);
    clearImmediate?.(handle as never);
  };
}

// A browser reads the body of a Response in a separate task, which is put in the queue only once the
// promises before it have settled, and one body may follow upon another: a list reads page after page.
const HOPS = 16;

function messageTurn({ port1, port2 }: MessageChannel): Promise<void> {
  return new Promise((resolve) => {
    let left = HOPS;
    port1.onmessage = () => {
      left -= 1;
      if (left > 0) {
        port2.postMessage(undefined);
        return;
      }
      // An open port would keep the process alive.
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
