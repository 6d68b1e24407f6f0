import { Code } from 'rx-lro';
import { FakeOperations } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

const database = 'type.googleapis.com/google.spanner.admin.database.v1';

function setUp(): (filter: string) => Promise<unknown> {
  const fake = new FakeOperations();
  fake.start({
    name: 'operations/create',
    metadata: {
      '@type': `${database}.CreateDatabaseMetadata`,
      database: 'projects/p/instances/i/databases/prod',
      progress: { startTime: '2024-01-01T00:00:00Z', percent: 50 },
      labels: { run: 'daily', 'a-b': '' },
      tables: [{ name: 'films' }, { name: 'actors' }],
    },
  });
  fake.start({
    name: 'operations/restore',
    metadata: { '@type': `${database}.RestoreDatabaseMetadata`, state: 'RUNNING', dry: true },
    error: { code: 8, message: 'No "stock".' },
  });
  fake.start({ name: 'operations/plain', response: { count: 12, size: 2n ** 60n } });
  fake.start({
    name: 'operations/binary',
    metadata: { typeUrl: 'type.googleapis.com/a.b.Binary', value: new Uint8Array() },
  });
  return async (filter) => {
    const { operations } = await fake.client.list({ name: '', filter });
    return operations?.map(({ name }) => name?.split('/')[1]).join(' ');
  };
}

const all = 'create restore plain binary';
const done = 'restore plain';
const pending = 'create binary';

describe('a filter', () => {
  // As gcloud and the documentation of Spanner, Endpoints and Pub/Sub Lite write them.
  test.each([
    ['done:true', done],
    ['done = true', done],
    ['done=True', done],
    ['done:false', pending],
    ['done!=true', pending],
    ['NOT done:true', pending],
    ['-done:true', pending],
    ['NOT (done=true)', pending],
    ['-(done:true)', pending],
    ['(done:false) AND (name:create)', 'create'],
    ['done:false name:create', 'create'],
    ['metadata.@type:CreateDatabaseMetadata', 'create'],
    ['metadata.@type:createdatabasemetadata', 'create'],
    [`metadata.@type:${database}.CreateDatabaseMetadata`, 'create'],
    [`metadata.@type=${database}.CreateDatabaseMetadata`, 'create'],
    [`metadata.@type = "${database}.CreateDatabaseMetadata"`, 'create'],
    ['metadata.@type=CreateDatabaseMetadata', ''],
    ['metadata.@type=*DatabaseMetadata', 'create restore'],
    ['metadata.@type:*', 'create restore binary'],
    ['metadata.@type:a.b.Binary', 'binary'],
    [
      `(metadata.@type:${database}.OptimizeRestoredDatabaseMetadata) OR (metadata.@type:${database}.RestoreDatabaseMetadata)`,
      'restore',
    ],
    ['metadata.database:"projects/p/instances/i/databases/prod"', 'create'],
    [`(metadata.@type=${database}.CreateDatabaseMetadata) AND (metadata.database:prod)`, 'create'],
    ['(error:*)', 'restore'],
    ['NOT error:*', 'create plain binary'],
    ['response:*', 'plain'],
  ])('%s', async (filter, names) => {
    expect(await setUp()(filter)).toBe(names);
  });

  test.each([
    ['metadata.progress.start_time:2024', 'create'],
    ['metadata.progress.startTime="2024-01-01T00:00:00Z"', 'create'],
    ['metadata.progress.percent=50', 'create'],
    ['metadata.progress.percent=50.0', 'create'],
    ['metadata.progress.percent=""', ''],
    ['metadata.dry:true', 'restore'],
    ['metadata.dry=false', ''],
    ['metadata.labels:run', 'create'],
    ['metadata.labels:daily', ''],
    ['metadata.labels.run=daily', 'create'],
    ['metadata.labels.a-b:*', ''],
    ['metadata.tables.name:films', 'create'],
    ['metadata.tables.name:crew', ''],
    ['metadata=RUNNING', ''],
    ['metadata.state=RUNNING', 'restore'],
    ['metadata.state=running', ''],
    ['error.code=8', 'restore'],
    [String.raw`error.message="No \"stock\"."`, 'restore'],
    [`error.message='No "stock".'`, 'restore'],
    ['response.count:12', 'plain'],
    ['response.size=1152921504606846976', 'plain'],
    ['name=operations/plain', 'plain'],
    ['name="operations/p*"', 'plain'],
    ['name:p.ain', ''],
    ['name="operations/plain$"', ''],
    ['metadata.state=*', 'restore'],
    ['metadata.state=undefined', ''],
  ])('finds fields at any depth: %s', async (filter, names) => {
    expect(await setUp()(filter)).toBe(names);
  });

  test('with != does not match where a message on the way is absent', async () => {
    const list = setUp();
    expect(await list('metadata.state!=RUNNING')).toBe('create binary');
    expect(await list('NOT metadata.state=RUNNING')).toBe('create plain binary');
    expect(await list('metadata.tables.name!=films')).toBe('');
  });

  test('binds OR tighter than AND, as AIP-160 has it', async () => {
    const list = setUp();
    expect(await list('done:false AND name:create OR name:plain')).toBe('create');
    expect(await list('name:create OR name:plain AND done:false')).toBe('create');
    expect(await list('(done:false AND name:create) OR name:plain')).toBe('create plain');
    expect(await list('NOT name:create AND NOT name:plain')).toBe('restore binary');
  });

  test('that is empty matches all', async () => {
    expect(await setUp()('')).toBe(all);
    expect(await setUp()(' \t')).toBe(all);
  });

  test.each([
    ['state=RUNNING', 'the field `state`'],
    ['name.first=x', 'the field `name.first`'],
    ['metadata.=x', 'the field `metadata.`'],
    ['"done"=true', 'the field `"done"`'],
    ['done', 'the value `done` without a field'],
    ['daily run', 'the value `daily` without a field'],
    ['name:a and done:true', 'the value `and` without a field'],
    ['metadata.startTime >= "2023"', 'the operator `>=`'],
    ['metadata.count<5', 'the operator `<`'],
    ['name~"a.*"', 'the operator `~`'],
    ['done=maybe', '`done` is true or false'],
    ['done!=*', '`done` is true or false'],
    ['done=', 'it ends too early'],
    ['done:(true OR false)', 'the value `(`'],
    ['name=AND', 'the value `AND`'],
    ['name:"open', 'the value `"`'],
    ['a:b:c', 'the field `a`'],
    ['name:b:c', 'the value `:`'],
    ['(done:true', 'a parenthesis that is not closed'],
    ['(done:true (done:true)', 'a parenthesis that is not closed'],
    ['done:true)', 'a parenthesis that is not opened'],
    ['()', '`)`'],
    ['done:true AND', 'it ends too early'],
    ['AND done:true', '`AND`'],
    ['done:true OR OR done:false', '`OR`'],
    ['NOT', 'it ends too early'],
    ['-', 'it ends too early'],
    ['regex(name, "a")', 'the value `regex` without a field'],
    ['{"projectId": "p"}', 'the value `{` without a field'],
  ])('that is not supported is refused, with what is not: %s', async (filter, what) => {
    expect(await refusalOf(filter)).toContain(what);
  });

  test('that nests too deep is refused, before it can fill the stack', async () => {
    const deep = `${'('.repeat(51)}done:true${')'.repeat(51)}`;
    expect(await refusalOf(deep)).toBe('more than 50 levels.');
    expect(await refusalOf(`${'NOT '.repeat(5_000)}done:true`)).toBe('more than 50 levels.');
    const flat = Array.from({ length: 5_000 }, () => '(done:true)').join(' AND ');
    expect(await setUp()(flat)).toBe(done);
  });
});

async function refusalOf(filter: string): Promise<string | undefined> {
  const failure: unknown = await setUp()(filter).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: Code.INVALID_ARGUMENT, method: 'list' });
  const { message } = (failure as { status: { message: string } }).status;
  const [which, why] = message.split(' is not supported: ');
  expect(which).toBe(`The filter ${JSON.stringify(filter)}`);
  return why;
}
