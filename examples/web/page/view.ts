import { Code, isStatusError, progressOf, type Operation, type StatusError } from 'rx-lro';

interface FilmMetadata {
  readonly title: string;
  readonly isCancelling: boolean;
}

/** What the page knows of a film. */
export interface Facts {
  readonly operation?: Operation<string | undefined, FilmMetadata>;
  /** Whether the user asked for a cancel on this page. */
  readonly isCancelRequested: boolean;
  /** Why the last request that failed did so. */
  readonly failure?: StatusError;
  /** Whether a request that failed is being retried. */
  readonly isRetrying?: boolean;
  /** Why the wait ended without an outcome. */
  readonly lost?: unknown;
}

/** What the page shows of a film. */
export interface View {
  readonly state:
    | 'running'
    | 'retrying'
    | 'cancelling'
    | 'cancelled'
    | 'done'
    | 'failed'
    | 'unknown';
  readonly title: string;
  readonly label: string;
  readonly detail: string;
  /** From 0 to 1; undefined where it is not known. */
  readonly progress: number | undefined;
  /** Whether a cancel makes sense. */
  readonly canCancel: boolean;
  /** The address of the film. */
  readonly url?: string | undefined;
}

/** Says what to show. The end of a film, a cancelled one too, is always what the server said. */
export function viewOf(facts: Facts, isOnline: boolean): View {
  const { operation, isCancelRequested, failure, isRetrying, lost } = facts;
  const isCancelling = isCancelRequested || operation?.metadata?.isCancelling === true;
  const shown = {
    canCancel: !isCancelling,
    title: operation?.metadata?.title ?? 'A film',
    progress: operation && progressOf(operation),
  };
  if (lost !== undefined) {
    return { ...shown, state: 'unknown', label: 'Not known', detail: problemOf(lost) };
  }
  if (operation?.done === true) return { ...shown, ...endOf(operation, isCancelRequested) };
  if (!isOnline) {
    return { ...shown, state: 'retrying', label: 'Offline', detail: 'Waits for the network.' };
  }
  if (isRetrying === true) {
    return { ...shown, state: 'retrying', ...retryOf(failure) };
  }
  if (isCancelling) {
    const detail = 'Waits for what the server says.';
    return { ...shown, state: 'cancelling', label: 'Cancelling…', detail };
  }
  const label = operation === undefined ? 'Loading…' : 'Running';
  return { ...shown, state: 'running', label, detail: 'The server is making it.' };
}

function endOf(
  { error, response }: Operation<string | undefined>,
  isCancelRequested: boolean,
): Pick<View, 'state' | 'label' | 'detail' | 'url'> {
  if (error?.code === Code.CANCELLED) {
    return { state: 'cancelled', label: 'Cancelled', detail: error.message };
  }
  if (error !== undefined) return { state: 'failed', label: 'Failed', detail: error.message };
  const detail = isCancelRequested ? 'It was ready before the cancel.' : 'It is ready.';
  return { state: 'done', label: 'Done', detail, url: response };
}

function retryOf(failure: StatusError | undefined): Pick<View, 'label' | 'detail'> {
  if (failure?.cause instanceof Response) {
    return { label: 'Retrying…', detail: `The server answered HTTP ${failure.cause.status}.` };
  }
  return { label: 'Reconnecting…', detail: 'The server does not answer.' };
}

function problemOf(error: unknown): string {
  if (!isStatusError(error)) return String(error);
  return error.code === Code.NOT_FOUND
    ? 'The server does not know this film.'
    : error.status.message;
}
