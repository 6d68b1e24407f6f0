import { Code, findDetail, waitForDone, type OperationFailedError, type Status } from 'rx-lro';
import { computeClient, operationFromCompute, passesByItself } from 'rx-lro/compute';
import { describe, expect, it } from 'vitest';

import { failureOf } from '../support/failure-of.js';

const failed = (body: object): Status => {
  const { done, error } = operationFromCompute({ status: 'DONE', ...body });
  expect(done).toBe(true);
  return error as Status;
};
const oneOf = (code: string, message?: string): object => ({ errors: [{ code, message }] });

describe('the code of an error of an operation comes before its HTTP status', () => {
  // Compute Engine, Cloud SQL, and the spelling of reasons of HTTP errors.
  it.each<[string, number, Code, boolean]>([
    ['RESOURCE_OPERATION_RATE_EXCEEDED', 403, Code.RESOURCE_EXHAUSTED, true],
    ['CONCURRENT_OPERATIONS_QUOTA_EXCEEDED', 403, Code.RESOURCE_EXHAUSTED, true],
    ['QUOTA_EXCEEDED', 403, Code.RESOURCE_EXHAUSTED, false],
    ['ZONE_RESOURCE_POOL_EXHAUSTED', 503, Code.RESOURCE_EXHAUSTED, true],
    ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', 503, Code.RESOURCE_EXHAUSTED, true],
    ['RESOURCE_NOT_FOUND', 400, Code.NOT_FOUND, false],
    ['RESOURCE_ALREADY_EXISTS', 409, Code.ALREADY_EXISTS, false],
    ['RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', 400, Code.FAILED_PRECONDITION, false],
    ['RESOURCE_NOT_READY', 400, Code.FAILED_PRECONDITION, true],
    ['UNSUPPORTED_OPERATION', 400, Code.UNIMPLEMENTED, false],
    ['OPERATION_CANCELED_BY_USER', 400, Code.CANCELLED, false],
    ['PERMISSIONS_ERROR', 400, Code.PERMISSION_DENIED, false],
    ['ERROR_GCE_STOCKOUT', 500, Code.RESOURCE_EXHAUSTED, true],
    ['OPERATION_IN_PROGRESS', 400, Code.ABORTED, true],
    ['ERROR_GCE_QUOTA_EXCEEDED', 500, Code.RESOURCE_EXHAUSTED, true],
    ['ERROR_MAX_APP_IDS', 403, Code.RESOURCE_EXHAUSTED, false],
    ['ERROR_READ_REPLICA_INVALID_OPERATION', 500, Code.FAILED_PRECONDITION, false],
    ['ERROR_INVALID_FLAG_VALUE', 500, Code.INVALID_ARGUMENT, false],
    ['ERROR_DATABASE_TYPE_UNSUPPORTED_FOR_REPLICATION', 400, Code.UNIMPLEMENTED, false],
    ['ERROR_GCE_IP_CREATION_FAILURE', 400, Code.INTERNAL, false],
    ['POOL_DOES_NOT_EXIST', 500, Code.UNAVAILABLE, true],
    ['INSTANCE_DOES_NOT_EXIST', 400, Code.NOT_FOUND, false],
    ['RETRY_TRANSIENT_ERROR', 500, Code.UNAVAILABLE, true],
    ['resourceNotReady', 500, Code.FAILED_PRECONDITION, true],
    ['rateLimitExceeded', 403, Code.RESOURCE_EXHAUSTED, true],
    ['UNAVAILABLE', 403, Code.UNAVAILABLE, true],
    ['SUBNETWORK_NOT_FOUND', 400, Code.NOT_FOUND, false],
    ['CPUS_QUOTA_EXCEEDED', 403, Code.RESOURCE_EXHAUSTED, false],
    ['SNAPSHOT_RATE_LIMIT_EXCEEDED', 403, Code.RESOURCE_EXHAUSTED, true],
    ['IP_SPACE_EXHAUSTED', 400, Code.RESOURCE_EXHAUSTED, false],
    ['IP_SPACE_EXHAUSTED_WITH_DETAILS', 400, Code.RESOURCE_EXHAUSTED, false],
    ['REGION_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', 503, Code.RESOURCE_EXHAUSTED, true],
    ['QUOTA_EXCEEDED_WITH_DETAILS', 403, Code.RESOURCE_EXHAUSTED, false],
    ['RESOURCE_NOT_FOUND_WITH_DETAILS', 400, Code.NOT_FOUND, false],
    ['REQUEST_THROTTLED', 403, Code.RESOURCE_EXHAUSTED, true],
    ['THROTTLED', 400, Code.RESOURCE_EXHAUSTED, true],
    ['requestThrottlingWithDetails', 400, Code.RESOURCE_EXHAUSTED, true],
    ['RATE_LIMITED', 403, Code.RESOURCE_EXHAUSTED, true],
    ['API_RATE_TOO_HIGH', 403, Code.RESOURCE_EXHAUSTED, true],
    ['TOO_MANY_REQUESTS', 403, Code.RESOURCE_EXHAUSTED, true],
  ])(
    '%s with HTTP %i is %i, and passes by itself: %s [report 22]',
    (code, http, expected, passes) => {
      const message = 'It says more.';
      const status = failed({ error: oneOf(code, message), httpErrorStatusCode: http });
      expect([status.code, status.message]).toEqual([expected, message]);
      expect(passesByItself(status)).toBe(passes);
    },
  );

  it('the first code that is known counts, wherever it stands [report 22]', () => {
    const errors = [
      { code: 'VM_MIN_COUNT_NOT_REACHED', message: 'Too few.' },
      { code: 'WHATEVER', errorDetails: [{ errorInfo: { reason: 'stockout' } }] },
    ];
    const status = failed({ error: { errors }, httpErrorStatusCode: 409 });
    expect(status).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: 'VM_MIN_COUNT_NOT_REACHED: Too few. WHATEVER',
    });
    expect(findDetail(status, 'google.rpc.ErrorInfo')?.reason).toBe('stockout');
    expect(passesByItself(status)).toBe(true);
  });

  it('one error that does not pass keeps the others from passing [report 22]', () => {
    const errors = [{ code: 'ZONE_RESOURCE_POOL_EXHAUSTED' }, { code: 'QUOTA_EXCEEDED' }];
    expect(passesByItself(failed({ error: { errors } }))).toBe(false);
  });

  it('a condition of GKE counts where there is no code but UNKNOWN [report 22]', () => {
    const condition = { code: 'GCE_STOCKOUT', message: 'No machines.' };
    const status = failed({ statusMessage: 'It failed.', nodepoolConditions: [condition] });
    expect(status).toEqual({
      code: Code.RESOURCE_EXHAUSTED,
      message: 'It failed.',
      details: [condition],
    });
    expect(passesByItself(status)).toBe(true);
    const coded = { error: { code: Code.ABORTED, message: 'No.' }, clusterConditions: [condition] };
    expect(failed(coded).code).toBe(Code.ABORTED);
    expect(failed({ ...coded, error: { code: 2, message: 'No.' } }).code).toBe(
      Code.RESOURCE_EXHAUSTED,
    );
    // Conditions are no failure.
    const degraded = { status: 'DONE', clusterConditions: [condition] };
    expect(operationFromCompute(degraded).error).toBeUndefined();
  });

  it('the error of a wait says it too [report 22]', async () => {
    const client = computeClient({
      get: async () => ({
        status: 'DONE',
        error: oneOf('RESOURCE_OPERATION_RATE_EXCEEDED', 'Too frequent operations.'),
        httpErrorStatusCode: 403,
        httpErrorMessage: 'FORBIDDEN',
      }),
    });
    const name = 'projects/p/global/operations/o';
    const error = (await failureOf(waitForDone(client, name))) as OperationFailedError;
    expect(error.codeName).toBe('RESOURCE_EXHAUSTED');
    expect(passesByItself(error)).toBe(true);
  });
});

describe('an error code that is not known', () => {
  it.each<[object, string, Code]>([
    [
      { error: oneOf('NEVER_SEEN'), httpErrorStatusCode: 403 },
      'NEVER_SEEN',
      Code.PERMISSION_DENIED,
    ],
    [{ error: oneOf('NEVER_SEEN') }, 'NEVER_SEEN', Code.UNKNOWN],
    [{ error: oneOf('NEVER_SEEN', 'Oh.') }, 'NEVER_SEEN: Oh.', Code.UNKNOWN],
    [{ error: oneOf('NEVER_SEEN', 'NEVER_SEEN: Oh.') }, 'NEVER_SEEN: Oh.', Code.UNKNOWN],
    [{ error: oneOf('NEVER_SEEN'), httpErrorMessage: 'BAD' }, 'NEVER_SEEN: BAD', Code.UNKNOWN],
    [{ error: oneOf('QUOTA_EXCEEDED') }, 'QUOTA_EXCEEDED', Code.RESOURCE_EXHAUSTED],
    [{ error: { code: 'NEVER_SEEN' }, httpErrorStatusCode: 404 }, 'NEVER_SEEN', Code.NOT_FOUND],
    [{ error: oneOf('NEVER_SEEN'), httpErrorStatusCode: 200 }, 'NEVER_SEEN', Code.UNKNOWN],
  ])(
    'is kept in the message, and the HTTP status counts: %j [report 23]',
    (body, message, code) => {
      expect(failed(body)).toMatchObject({ message, code });
    },
  );

  it('passes by itself only when the code is UNAVAILABLE [report 23]', () => {
    const error = oneOf('NEVER_SEEN');
    expect(passesByItself(failed({ error, httpErrorStatusCode: 503 }))).toBe(true);
    expect(passesByItself(failed({ error, httpErrorStatusCode: 409 }))).toBe(false);
  });
});
