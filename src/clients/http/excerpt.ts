const LENGTH = 200;
// As far as anything is looked for in a body: one of megabytes must not cost time.
const REACH = 4096;

/** The beginning of a text in one line without control characters, of 200 characters at most. */
export function excerptOf(text: string): string {
  const line = text
    .slice(0, REACH)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= LENGTH) return line;
  // Not through the middle of a surrogate pair.
  return `${line.slice(0, LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The words in a body that is not JSON: the title of a page, or the beginning of a plain text. */
export function gistOf(body: string): string {
  const head = body.slice(0, REACH);
  if (!/^\s*<(?:!doctype html|html|head|body)\b/i.test(head)) return excerptOf(body);
  const [, title = ''] = /<title[^>]*>([^<]*)/i.exec(head) ?? [];
  return excerptOf(title);
}
