/** What a turn of the event loop may be made of; which of these exist depends on the platform. */
export interface TurnSources {
  readonly setImmediate?: ((callback: () => void) => unknown) | undefined;
  readonly MessageChannel?: typeof MessageChannel | undefined;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
}

/**
 * Picks the quickest way to let the event loop turn. When that is over, every chain of promises that
 * could run on has done so, however long it was, and bodies have been read.
 */
export function turnFrom(sources: TurnSources): () => Promise<void> {
  // Taken here, so that a test that replaces the timers later does not stop the turns.
  const { setImmediate, MessageChannel: Channel, setTimeout } = sources;
  if (typeof setImmediate === 'function') {
    return () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      });
  }
  if (typeof Channel === 'function') return () => messageTurn(new Channel());
  return () =>
    new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
}

// A browser reads the body of a Response in a task of its own, which is put in the queue only once the
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
