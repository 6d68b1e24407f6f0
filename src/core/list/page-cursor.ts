import { EMPTY, type Subscription } from 'rxjs';
import type { ListOperationsRequest, OperationsClient } from '../client.js';
import type { CallSettings } from '../call/settings.js';
import { ProtocolError } from '../errors/protocol-error.js';
import { runCall } from '../call/run.js';
import { listNext } from './list-next.js';
import { decodePage, type OperationsPage } from './page.js';

/**
 * Goes through the pages, one call at a time, when it is told to.
 *
 * @internal
 */
export class PageCursor {
  readonly #client: OperationsClient;
  readonly #settings: CallSettings;
  readonly #seenTokens = new Set<string>();
  #request: ListOperationsRequest | undefined;

  constructor(client: OperationsClient, request: ListOperationsRequest, settings: CallSettings) {
    this.#client = client;
    this.#settings = settings;
    this.#request = request;
    if (request.pageToken != null) this.#seenTokens.add(request.pageToken);
  }

  /**
   * Fetches the next page.
   *
   * @param task - Ends the call when it is unsubscribed.
   * @param onPage - Takes the page; undefined after the last one.
   */
  next(
    task: Subscription,
    onPage: (page: OperationsPage | undefined) => void,
    onFailed: (error: unknown) => void,
  ): void {
    const request = this.#request;
    if (request === undefined) return onPage(undefined);
    const client = this.#client;
    runCall(
      task,
      client,
      'list',
      {
        name: request.name,
        offers: () => client.list != null,
        start: (_, options) => client.list?.(request, options) ?? EMPTY,
        read: (answer) => this.#read(answer, request),
        onAnswer: (page) => {
          this.#request = listNext(request, page);
          onPage(page);
        },
        onFailed,
      },
      this.#settings,
    );
  }

  #read(answer: unknown, request: ListOperationsRequest): OperationsPage {
    const page = decodePage(answer, request.name);
    const token = page.nextPageToken;
    if (token === undefined) return page;
    if (this.#seenTokens.has(token)) {
      const problem = `leads in a circle: the page token ${JSON.stringify(token)} came before`;
      throw new ProtocolError({ problem, answer, operationName: request.name });
    }
    this.#seenTokens.add(token);
    return page;
  }
}
