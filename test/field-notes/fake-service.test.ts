import { FakeOperations } from 'rx-lro/testing';
import { describe, expect, it } from 'vitest';

const parent = 'projects/p/instances/i';
const list = `https://spanner.test/v1/${parent}/operations`;
const database = 'type.googleapis.com/google.spanner.admin.database.v1';

function spanner(): FakeOperations {
  const fake = new FakeOperations({ parent });
  fake.start({ metadata: { '@type': `${database}.CreateDatabaseMetadata` } });
  fake.start({ metadata: { '@type': `${database}.RestoreDatabaseMetadata` }, response: {} });
  return fake;
}

async function idsIn(response: Response): Promise<string> {
  const { operations = [] } = (await response.json()) as { operations?: { name: string }[] };
  return operations.map(({ name }) => name.split('/').at(-1)).join(' ');
}

describe('the filters that gcloud sends are read', () => {
  it.each([
    ['app operations list --pending', 'done:false', '1'],
    ['pubsub lite-operations list --done', 'done=True', '2'],
    [
      'spanner operations list --type=DATABASE_CREATE',
      `metadata.@type:${database}.CreateDatabaseMetadata`,
      '1',
    ],
    [
      'spanner operations list --type=DATABASE_RESTORE',
      `(metadata.@type:${database}.OptimizeRestoredDatabaseMetadata) OR (metadata.@type:${database}.RestoreDatabaseMetadata)`,
      '2',
    ],
  ])('gcloud %s [fake 1]', async (_, filter, ids) => {
    const response = await spanner().fetch(`${list}?filter=${encodeURIComponent(filter)}`);
    expect(await idsIn(response)).toBe(ids);
  });

  it('and a filter that is not supported is refused, not ignored [fake 1]', async () => {
    const response = await spanner().fetch(`${list}?filter=state%3DRUNNING`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: 'The filter "state=RUNNING" is not supported: the field `state`.' },
    });
  });
});

it('a GET whose URL is too long comes as a POST with the query in its body [fake 2]', async () => {
  const response = await spanner().fetch(list, {
    method: 'POST',
    headers: {
      'x-http-method-override': 'GET',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `filter=${encodeURIComponent(`done:true OR name:${'x'.repeat(2_000)}`)}&alt=json`,
  });
  expect(await idsIn(response)).toBe('2');
});
