/** What a word says of an operation. */
export type Meaning = 'running' | 'succeeded' | 'failed' | 'canceled';

// In lower case, without blanks, `_` and `-`.
const words: Readonly<Record<Meaning, string>> = {
  succeeded: 'succeeded success successful complete completed done finished',
  failed: 'failed failure error errored aborted rejected timedout expired killed crashed',
  canceled: 'canceled cancelled',
  running:
    'notstarted inprogress inqueue queued enqueued accepted scheduled started submitted requested received runnable paused created new init initiated',
};

// `PartiallySucceeded`, `Completed with errors`.
const additions = /^partial(ly)?|(partially|with(error|failure|issue|warning)s?)$/;

const negations: ReadonlySet<string> = new Set(['no', 'not', 'non', 'on', 'after', 'from']);

// In characters. What is longer is a text.
const MOST = 100;

/**
 * Tells what a word says of an operation. It counts as a whole: `50% complete` and `0 failed` do not end anything.
 *
 * @returns undefined for a word that is not in the table.
 */
export function meaningOf(word: string): Meaning | undefined {
  if (word.length > MOST) return undefined;
  const [head = '', reason] = word.trim().split(/:\s*(?=[a-z])/i);
  const known = /^[a-z\s_-]+\W*$/i.test(head) ? meaningOfWhole(head) : undefined;
  // `Failed: no disk` has failed; `Done: step one` is not done.
  if (known !== undefined && (reason === undefined || known !== 'succeeded')) return known;
  // `Pending review`, `Running (3 of 10)`.
  return /^([a-z]{2,}ing|queued)\b/i.test(head) ? 'running' : undefined;
}

function meaningOfWhole(text: string): Meaning | undefined {
  const parts = text
    .replace(/[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$& ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  const whole = parts.join('').replace(additions, '');
  for (const [meaning, list] of Object.entries(words)) {
    if (list.split(' ').includes(whole)) return meaning as Meaning;
  }
  // What follows is of one word, not of a sentence.
  if (/\s/.test(text)) return undefined;
  // `ValidationFailed`, `CREATE_FAILED`, `FailedToStart`.
  const hasFailed = parts[0] === 'failed' || /^(failed|failure|error)$/.test(parts.at(-1) ?? '');
  if (hasFailed && !parts.some((part) => negations.has(part))) return 'failed';
  // `CreatingDisk`.
  return /^[a-z]{2,}ing$/.test(parts[0] ?? '') ? 'running' : undefined;
}
