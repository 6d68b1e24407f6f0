import type { Method } from '../../core/client.js';

/** A request as HTTP has it, with all but the headers. */
export interface HttpRequest {
  /** The method of the client that it is for. */
  readonly method: Method | 'start';
  /** What it asks about; undefined for a list of everything. */
  readonly name: string | undefined;
  /** The HTTP method. */
  readonly verb: string;
  /** All of the URL. */
  readonly url: string;
  /** The HTTP method and the URL without its query: what errors may show. */
  readonly label: string;
  /** JSON; undefined for no body. */
  readonly body: string | undefined;
}
