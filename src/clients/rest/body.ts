import { onAbort } from '../../core/platform/abort-signal.js';

/** How much of a body is read, in bytes: 64 MiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The body of an answer. */
export interface Body {
  /** All of it; only the first 64 MiB where it is longer. */
  readonly text: string;
  /** Whether it is longer. */
  readonly isCut: boolean;
}

/**
 * Reads a body of UTF-8, 64 MiB of it at most: one that never ends must not take all the memory. An abort
 * lets go of the connection, also where `fetch` does not heed the signal.
 *
 * @throws What the stream fails with, untouched.
 */
export async function readBody(response: Response, signal: AbortSignal | undefined): Promise<Body> {
  const { body } = response;
  // An answer without content has no stream, and neither have those of every `fetch`.
  if (typeof body?.getReader !== 'function') return { text: await response.text(), isCut: false };
  const reader = body.getReader();
  const letGo = (): void => {
    // It rejects when the stream has failed, and then there is nothing to let go of.
    reader.cancel().catch(() => undefined);
  };
  if (signal?.aborted === true) letGo();
  const stopListening = signal === undefined ? undefined : onAbort(signal, letGo);
  try {
    return await readAll(reader, letGo);
  } finally {
    stopListening?.();
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  letGo: () => void,
): Promise<Body> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for (let room = MAX_BYTES; ;) {
    const { done, value } = await reader.read();
    if (done) return { text: parts.join('') + decoder.decode(), isCut: false };
    parts.push(decoder.decode(value.subarray(0, room), { stream: true }));
    room -= value.byteLength;
    if (room >= 0) continue;
    letGo();
    return { text: parts.join(''), isCut: true };
  }
}
