import { isTransient } from '../../core/policy/retry.js';
import { Code, codeFromHttp, codeFromName } from '../../core/status/code.js';
import { networkFailureOf } from '../../core/status/network-failure.js';
import { codeOfReason } from '../../core/status/reason.js';
import { parseJson } from '../../core/values/json.js';

// Both directions, as gRPC in its languages and Connect say it. A soft limit refuses by chance alone.
const tooLarge =
  /\bmessage(?: with a size| size \d+| after decompression| that decompresses to a size)?(?: is)? larger than|\bmessage\b.* exceeds (?:the )?maximum|\b(?:metadata|header)\b.* (?:larger than|size\b.* (?:violates|exceed\w*\b(?! soft)))/i;
// What grpc-js says before it has reached a server.
const unconnected = /^(?:No connection established|Failed to parse DNS address)/;
const pluginFailed =
  /(?:control plane: (\d+) .*)?Getting metadata from plugin failed with error: (.*)/s;
// Errors of OAuth, HTTP reason phrases, and what HTTP clients say. Not a part of a longer name.
const passingPhrase =
  /(?<![\w-])(?:internal_failure|server_error|(?:server|backend) error|bad gateway|(?:service|server|currently|temporarily)(?: is)? unavailable|too many requests|timed out|time-?out|socket (?:hang up|disconnected)|other side closed|premature(?:ly)? closed?|fetch failed|network error|was aborted|aborted a request)(?![\w-])/i;
const fileError = /\bE(?:NOENT|ACCES|PERM|ISDIR|NOTDIR)\b/;
const page = /^\s*<(?:!doctype|html)|Unexpected token '?</i;
const json = /^\s*\{\s*"/;
// Not a number of a project, a port or an address.
const httpStatus =
  /(?:^(?=\d+(?:\W*$|:))|<title>[^<\d]*|\b(?:https?(?:\/[\d.]+)?|status|status_?code|code|error|response|returned|responded)(?: (?:code|status|error|with))*["\s:=(]+)([45]\d\d)(?![\w.@-])/i;
const pathOrAddress = /(?<!\S)(?!HTTP\/\d)\S*[/\\@]\S*/g;
const quoted = /(?<!\w)(['"`])(?:(?!\1).){2,}\1/gs;

/**
 * The code of a failure that gRPC puts into words of its own, since it has one code for what passes by itself
 * and what lasts.
 *
 * @returns The code itself, for all other failures.
 * @internal
 */
export function codeOfOwnFailure(code: number, message: string): number {
  const isLimit = code === Code.RESOURCE_EXHAUSTED || code === Code.INTERNAL;
  if (isLimit && tooLarge.test(message)) return Code.FAILED_PRECONDITION;
  if (unconnected.test(message) && isLasting(message)) return Code.FAILED_PRECONDITION;
  const plugin = pluginFailed.exec(message);
  return plugin === null ? code : codeOfCredentials(Number(plugin[1] ?? code), plugin[2] as string);
}

// Of the error, grpc-js keeps the message, and the code where it is a number.
function codeOfCredentials(code: number, text: string): number {
  const http =
    code >= 100 ? code : Number(httpStatus.exec(page.test(text) ? text : plain(text))?.[1]);
  const own = http > 0 ? codeFromHttp(http) : code;
  if (isPassing(own)) return own;
  // A page in place of a token comes from a proxy, and JSON that is not whole from a connection that broke.
  const isCut = json.test(text) && parseJson(text) === undefined;
  const passes = isCut || (page.test(text) ? !(http > 0) : saysPassing(plain(text)));
  return passes ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
}

// What an error names, a file or an account, says nothing of the failure.
function plain(text: string): string {
  return (json.test(text) ? text : text.replace(quoted, ' ')).replace(pathOrAddress, ' ');
}

/** Tells whether words that stand for themselves say that a failure passes. */
function saysPassing(text: string): boolean {
  if (fileError.test(text) || isLasting(text)) return false;
  const words = text.match(/\w+/g) ?? [];
  return (
    passingPhrase.test(text) ||
    networkFailureOf({ name: 'SyntaxError', message: text }) !== undefined ||
    words.some(
      (word) =>
        networkFailureOf({ code: word }) !== undefined ||
        isPassing(codeOfReason(word) ?? codeFromName(word) ?? Code.OK),
    )
  );
}

function isPassing(code: number): boolean {
  return isTransient({ kind: 'call-failed', code });
}

function isLasting(message: string): boolean {
  return networkFailureOf({ message }) === 'lasting';
}
