import { describe, expect, it } from 'vitest';
import { getOperation, waitForDone, type ProtocolError } from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';

import { failureOf } from '../support/failure-of.js';

const name = 'jobs/1';

describe('an answer of an API of jobs, which has no `done`,', () => {
  it.each([
    ['status', { name, status: 'DONE' }],
    ['state', { name, state: 'JOB_STATE_RUNNING', createTime: '2026-01-01T00:00:00Z' }],
    ['status', { id: '1', status: 'queued' }],
    ['status', { id: '1', status: 'in_progress', metadata: { mine: '1' } }],
    ['status', { name, done: null, status: 'RUNNING', metadata: null }],
    ['status', { name, status: 'DONE', error: { errors: [{ code: 'QUOTA_EXCEEDED' }] } }],
    ['status', { name, metadata: { startTime: '1' }, status: 'DONE' }],
    ['status', { name, metadata: { step: 2 }, status: 'succeeded' }],
    ['state', { name, metadata: { step: 2 }, state: 'JOB_STATE_FAILED' }],
    ['state', { name, metadata: { step: 2 }, state: 'Canceled' }],
    ['state', { name, metadata: {}, status: 'RUNNING', state: 'completed' }],
  ])('ends the wait with a hint: its `%s` in %j [report 37]', async (field, answer) => {
    const wait = waitForDone({ get: async () => answer as object }, name);
    const error = (await failureOf(wait)) as ProtocolError;
    expect(error.kind).toBe('protocol');
    expect(error.message).toContain(`it has \`${field}\`, but no \`done\``);
    expect(error.message).toContain('rx-lro/job');
  });

  it.each([
    { name },
    { name, done: false, status: 'RUNNING' },
    { name, status: 'RUNNING', metadata: { '@type': 'a.b/C' } },
    { name, status: 200, state: { a: 1 } },
    { name, metadata: { state: 'DONE' } },
    { name, metadata: {}, done: false, status: 'DONE' },
    { name, metadata: {}, status: 'DONE', response: {} },
    { name, metadata: {}, status: 'FAILED', error: { code: 13 } },
    { name, metadata: {}, state: 'STATUS_UNSPECIFIED' },
    { name, metadata: {}, state: 'NOT_DONE_YET' },
    { done: false, state: 'RUNNING' },
  ])('is not any that may be an operation: %j [report 37]', async (answer) => {
    const time = new VirtualTime();
    const get = async () => answer as object;
    const operation = getOperation({ get }, name, { scheduler: time });
    expect(await time.runUntil(operation)).toMatchObject({ name, done: false });
  });

  it('may be what the start call gave, since the client translates the answers [report 37]', async () => {
    const get = async () => ({ name, done: true, response: 'built' });
    expect(await waitForDone({ get }, { name, status: 'RUNNING' } as never)).toBe('built');
  });
});
