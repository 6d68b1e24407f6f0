import { progressOf } from '../../core/answer/progress.js';
import { isRecord } from '../../core/values/record.js';
import { provisioningState, statusWord } from './document.js';

/** What a monitor says about an operation. Each field is absent where it says nothing. */
export interface StatusMonitorMetadata {
  /** The word for how it is, as the service writes it: `InProgress`. */
  readonly status?: string;
  /** How much is done, from 0 to 100: of the document, or of the header `X-Progress`. `progressOf` reads it. */
  readonly percentComplete?: number;
  /** The text of the header `X-Progress`. */
  readonly progressText?: string;
  /** The document of the monitor, as it came. */
  readonly document?: unknown;
}

/** Reads what a monitor tells. @returns undefined where that is nothing. */
export function metadataOf(document: unknown, headers: Headers): StatusMonitorMetadata | undefined {
  const progressText = headers.get('x-progress') ?? undefined;
  const status = statusWord(document) ?? provisioningState(document);
  const percentComplete = percentIn(progressText) ?? percentOf(document);
  const metadata = {
    ...(status === undefined ? {} : { status }),
    ...(percentComplete === undefined ? {} : { percentComplete }),
    ...(progressText === undefined ? {} : { progressText }),
    ...(isRecord(document) ? { document } : {}),
  };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

// In characters: the time that the pattern takes grows with their square.
const MOST = 200;

function percentIn(text: string | undefined): number | undefined {
  const [, percent] = /(\d+(?:\.\d+)?)\s*(?:%|percent\b)/i.exec(text?.slice(0, MOST) ?? '') ?? [];
  return percent === undefined ? undefined : Math.min(100, Number(percent));
}

// The document itself, and where Azure and JSON:API have what is their own.
function percentOf(document: unknown): number | undefined {
  if (!isRecord(document)) return undefined;
  const { properties, data } = document;
  const attributes = isRecord(data) ? data['attributes'] : undefined;
  const progress = [document, properties, attributes]
    .map((metadata) => progressOf({ metadata }))
    .find((each) => each !== undefined);
  return progress === undefined ? undefined : Math.round(progress * 1e6) / 1e4;
}
