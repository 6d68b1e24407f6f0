import { isTransient } from '../../core/policy/retry.js';
import { Code, codeFromHttp } from '../../core/status/code.js';
import { networkFailureOf } from '../../core/status/network-failure.js';

// Both directions, as grpc-js, gRPC in other languages and Connect say it.
const tooLarge =
  /\bmessage(?: with a size| size \d+| after decompression)?(?: is)? larger than|(?:message|metadata size) exceeds/i;
// What grpc-js says before it has reached a server.
const unconnected = /^(?:No connection established|Failed to parse DNS address)/;
const pluginFailed =
  /(?:control plane: (\d+) .*)?Getting metadata from plugin failed with error: (.*)/s;
const passingText = /time.?out|timed out|socket|premature|fetch failed|network|abort|unavailable/i;
// Not a port, and not a part of an address.
const httpStatus = /(?:^|[^\w.:])([45]\d\d)(?![\w.:])/;

/**
 * The code of a failure that gRPC puts into words of its own, since it has one code for what passes by itself
 * and what lasts.
 *
 * @returns The code itself, for all other failures.
 * @internal
 */
export function codeOfOwnFailure(code: number, message: string): number {
  if (code === Code.RESOURCE_EXHAUSTED && tooLarge.test(message)) return Code.FAILED_PRECONDITION;
  if (unconnected.test(message) && isLasting(message)) return Code.FAILED_PRECONDITION;
  const plugin = pluginFailed.exec(message);
  return plugin === null ? code : codeOfCredentials(Number(plugin[1] ?? code), plugin[2] as string);
}

// Of the error, grpc-js keeps the message, and the code where it is a number.
function codeOfCredentials(code: number, text: string): number {
  const http = code >= 100 ? code : Number(httpStatus.exec(text)?.[1]);
  const own = http > 0 ? codeFromHttp(http) : code;
  if (isTransient({ kind: 'call-failed', code: own })) return own;
  const words = text.match(/\w+/g) ?? [];
  const passes =
    passingText.test(text) || words.some((word) => networkFailureOf({ code: word }) !== undefined);
  return passes && !isLasting(text) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
}

function isLasting(message: string): boolean {
  return networkFailureOf({ message }) === 'lasting';
}
