import { Code } from '../../core/status/code.js';
import type { Status } from '../../core/status/status.js';
import { readDetail } from './detail.js';
import { bytesOf, integerOf, readFields, textOf } from './wire.js';

/**
 * Reads a serialized `google.rpc.Status`, such as gRPC sends in the trailer `grpc-status-details-bin`.
 *
 * @returns undefined when the bytes are none.
 * @internal
 */
export function readStatus(bytes: Uint8Array): Status | undefined {
  let code: number = Code.OK;
  let message = '';
  const details: unknown[] = [];
  try {
    for (const { number, value } of readFields(bytes)) {
      if (number === 1) code = Number(BigInt.asIntN(32, integerOf(value)));
      else if (number === 2) message = textOf(value);
      else if (number === 3) details.push(readDetail(readAny(bytesOf(value))));
    }
  } catch {
    return undefined;
  }
  return { code, message, details };
}

function readAny(bytes: Uint8Array): { typeUrl: string; value: Uint8Array } {
  let typeUrl = '';
  let content: Uint8Array = new Uint8Array();
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) typeUrl = textOf(value);
    // A copy: the bytes around it need not live as long as the detail.
    else if (number === 2) content = new Uint8Array(bytesOf(value));
  }
  return { typeUrl, value: content };
}
