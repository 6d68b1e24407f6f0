import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Answers one request, well or badly, or not at all. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server on a real socket that answers as it is told, and remembers what it saw. */
export class UnkindServer {
  /** The requests that came, such as `GET operations/1`. */
  readonly asked: string[] = [];
  /** The requests whose connection was closed before the answer was complete. */
  readonly left: string[] = [];
  /** How many connections were opened. */
  connections = 0;
  /** How many requests waited for their answers at once, at the most. */
  mostAtOnce = 0;
  /** Takes a new connection, before it is read from. */
  greet: (socket: Socket) => void = () => undefined;
  readonly #choose: (asked: string, count: number) => Answer;
  readonly #changes = new EventEmitter();
  readonly #times = new Map<string, number>();
  #server: Server | undefined;
  #port = 0;
  #atOnce = 0;

  /** @param choose - Gives the answer to a request, and is told how many the same came so far. */
  constructor(choose: (asked: string, count: number) => Answer) {
    this.#choose = choose;
    // Every wait that is under way listens.
    this.#changes.setMaxListeners(0);
  }

  /** Listens, on the same port as before if it did so before. */
  async start(): Promise<string> {
    const server = createServer((request, response) => this.#take(request, response));
    server.on('connection', (socket) => {
      this.connections += 1;
      this.greet(socket);
    });
    this.#server = server.listen(this.#port, '127.0.0.1', 4_096);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Ends it as if it was killed: every connection breaks. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    await once(server.close(), 'close');
  }

  /** How often it was asked for this. */
  times(asked: string): number {
    return this.#times.get(asked) ?? 0;
  }

  /** Has the conditions of `until` looked at again. */
  changed(): void {
    this.#changes.emit('change');
  }

  /** Waits until a condition holds, which is looked at whenever something happened. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#changes, 'change');
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const asked = `${request.method} ${request.url?.replace(/^\/v1\//, '')}`;
    this.asked.push(asked);
    this.#times.set(asked, this.times(asked) + 1);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    response.once('close', () => {
      this.#atOnce -= 1;
      if (!response.writableFinished) this.left.push(asked);
      this.changed();
    });
    request.resume();
    this.#choose(asked, this.times(asked))(response, request);
    this.changed();
  }
}

/** Answers with JSON. */
export function json(value: unknown): Answer {
  return (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

/** Answers with any text. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Answer = () => undefined;

/** Breaks the connection without an answer. */
export const reset: Answer = (_, request) => request.socket.resetAndDestroy();

/** Begins an answer, and never ends it. */
export const half: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"name":"operations/1","done":tr');
};

/** Begins an answer, and breaks the connection in the middle of it. */
export const cutInHalf: Answer = (response, request) => {
  half(response, request);
  // Once what was written is on its way.
  setImmediate(() => response.destroy());
};

/** Answers with JSON, a byte at a time. */
export function byteByByte(value: unknown): Answer {
  return (response) => {
    const bytes = [...Buffer.from(JSON.stringify(value))];
    response.writeHead(200, { 'content-type': 'application/json' });
    const next = (): void => {
      const byte = bytes.shift();
      if (byte === undefined) return void response.end();
      response.write(Buffer.of(byte), () => setImmediate(next));
    };
    next();
  };
}
