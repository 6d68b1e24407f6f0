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
 * lets go of the connection, also where `fetch` ignores the signal.
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

// In parts, whatever `content-length` says: that is the length before a body is decompressed.
async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  letGo: () => void,
): Promise<Body> {
  let bytes: Uint8Array = new Uint8Array();
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return { text: decode(bytes, length), isCut: false };
    const part = value.subarray(0, MAX_BYTES - length);
    bytes = append(bytes, length, part);
    length += part.byteLength;
    if (part.byteLength === value.byteLength) continue;
    letGo();
    return { text: decode(bytes, length), isCut: true };
  }
}

// Room is doubled when it is used up: a body in a million tiny parts takes no more memory than any other.
function append(bytes: Uint8Array, length: number, part: Uint8Array): Uint8Array {
  // Most bodies are one part, and not copied.
  if (length === 0) return part;
  const end = length + part.byteLength;
  let room = bytes;
  if (end > bytes.byteLength) {
    room = new Uint8Array(2 * end);
    room.set(bytes);
  }
  room.set(part, length);
  return room;
}

// All at once, which the platforms do several times as fast as in parts.
function decode(bytes: Uint8Array, length: number): string {
  return new TextDecoder().decode(bytes.subarray(0, length));
}
