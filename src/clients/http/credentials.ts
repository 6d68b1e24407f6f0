import { isTransient } from '../../core/policy/retry.js';
import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';

/** What a function that returns the credentials of a call receives. */
export interface HeaderContext {
  /**
   * Whether the service has just refused the credentials of the same call (HTTP 401, UNAUTHENTICATED): replace a
   * cached token.
   */
  readonly refused: boolean;
}

/**
 * Makes a call with what a function gives, and once more where the service answers UNAUTHENTICATED.
 *
 * @throws What the call failed with, with what the function threw as its `cause` if it has no new credentials.
 * @internal
 */
export async function callWithCredentials<Given>(
  give: (context: HeaderContext) => Promise<Given>,
  make: (given: Given) => Promise<unknown>,
): Promise<unknown> {
  const given = await give({ refused: false });
  try {
    return await make(given);
  } catch (error) {
    if (!(error instanceof Error) || !isRefusal(error)) throw error;
    const next = give({ refused: true }).catch((cause: unknown) => {
      throw mayPass(cause) ? cause : Object.assign(error, { cause });
    });
    return make(await next);
  }
}

/** Whether another try may find new credentials. @internal */
export function mayPass(error: unknown): boolean {
  return isTransient({ kind: 'call-failed', code: statusFrom(error).code });
}

function isRefusal(error: unknown): boolean {
  return isRecord(error) && error['code'] === Code.UNAUTHENTICATED;
}
