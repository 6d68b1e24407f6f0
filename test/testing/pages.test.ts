import fc from 'fast-check';
import { Code, type ListOperationsRequest } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

async function pagesOf(
  fake: FakeOperations,
  request: ListOperationsRequest,
): Promise<(readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let pageToken: string | undefined;
  do {
    const page = await fake.client.list({ ...request, pageToken });
    pages.push((page.operations ?? []).map(({ name }) => name ?? ''));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return pages;
}

function withOperations(count: number, options: object = {}): FakeOperations {
  const fake = new FakeOperations(options);
  for (let index = 0; index < count; index += 1) fake.start();
  return fake;
}

describe('a list', () => {
  test('takes a dash for any one segment', async () => {
    const names = ['projects/p/locations/a', 'projects/p/locations/b', 'projects/q/locations/a'];
    const fake = new FakeOperations();
    const far = [
      'projects/p/locations/a/b/operations/1',
      'projects/p/operations/1',
      'operations/1',
    ];
    for (const name of [...names.map((parent) => `${parent}/operations/1`), ...far]) {
      fake.start({ name });
    }
    const listed = async (name: string): Promise<readonly string[]> =>
      (await pagesOf(fake, { name })).flat();
    expect(await listed('projects/p/locations/-')).toEqual([
      'projects/p/locations/a/operations/1',
      'projects/p/locations/b/operations/1',
    ]);
    expect(await listed('projects/-/locations/a')).toEqual([
      'projects/p/locations/a/operations/1',
      'projects/q/locations/a/operations/1',
    ]);
    expect(await listed('projects/-/locations/-/operations')).toHaveLength(3);
    expect(await listed('projects/p')).toEqual(['projects/p/operations/1']);
    expect(await listed('-')).toEqual([]);
    expect(await listed('')).toEqual(['operations/1']);
  });
});

describe('the options', () => {
  test('take null for not given, as everywhere', async () => {
    const nothing = {
      scheduler: null,
      parent: null,
      latency: null,
      pageSize: null,
      emptyPages: null,
      unreachable: null,
      maxWait: null,
    };
    const fake = new FakeOperations(nothing as object);
    expect(fake.start().name).toBe('operations/1');
    expect(await pagesOf(fake, { name: '', returnPartialSuccess: true })).toEqual([
      ['operations/1'],
    ]);
  });
});

describe('pages', () => {
  test('of any size together give every operation once and in order', async () => {
    const settings = fc.record({
      count: fc.nat(25),
      pageSize: fc.integer({ min: 1, max: 30 }),
      emptyPages: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ count, pageSize, emptyPages }) => {
        const fake = withOperations(count, { emptyPages });
        const pages = await pagesOf(fake, { name: 'operations', pageSize });
        const expected = Array.from({ length: count }, (_, index) => `operations/${index + 1}`);
        expect(pages.flat()).toEqual(expected);
        const full = Math.max(1, Math.ceil(count / pageSize));
        expect(pages).toHaveLength(full * (1 + emptyPages));
        expect(pages.every((page) => page.length <= pageSize)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('go on in their place when operations come and go between them', async () => {
    const fake = withOperations(4);
    const first = await fake.client.list({ name: '', pageSize: 2 });
    await fake.client.delete({ name: 'operations/1' });
    await fake.client.delete({ name: 'operations/2' });
    fake.start();
    const pageToken = first.nextPageToken;
    const second = await fake.client.list({ name: '', pageSize: 9, pageToken: pageToken ?? '' });
    expect(second.operations?.map(({ name }) => name)).toEqual([
      'operations/3',
      'operations/4',
      'operations/5',
    ]);
    expect(second).not.toHaveProperty('nextPageToken');
  });

  test('have the default size unless told, and 1000 at the most', async () => {
    const fake = withOperations(1_001);
    const sizes = async (request: object): Promise<number[]> =>
      (await pagesOf(fake, { name: '', ...request })).map(({ length }) => length);
    expect((await sizes({}))[0]).toBe(100);
    expect((await sizes({ pageSize: 0 }))[0]).toBe(100);
    expect(await sizes({ pageSize: 5_000 })).toEqual([1_000, 1]);
    expect((await pagesOf(withOperations(3, { pageSize: 2 }), { name: '' }))[0]).toHaveLength(2);
  });

  test('have the operations of one parent', async () => {
    const fake = withOperations(1);
    fake.start({ name: 'projects/p/operations/a' });
    fake.start({ name: 'projects/pp/operations/b' });
    fake.start({ name: 'projects/p/operations/deep/c' });
    const p = [['projects/p/operations/a', 'projects/p/operations/deep/c']];
    expect(await pagesOf(fake, { name: 'projects/p' })).toEqual(p);
    expect(await pagesOf(fake, { name: 'projects/p/operations' })).toEqual(p);
    expect(await pagesOf(fake, { name: 'operations' })).toEqual([['operations/1']]);
    expect(await pagesOf(fake, { name: '' })).toEqual([['operations/1']]);
    expect(await pagesOf(fake, { name: 'projects' })).toEqual([[]]);
  });

  test('take a filter by `done`', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time });
    fake.start({ duration: 10 });
    fake.start();
    await time.advance(10);
    const list = (filter: string): Promise<unknown> => pagesOf(fake, { name: '', filter });
    expect(await list('done=true')).toEqual([['operations/1']]);
    expect(await list(' done = false ')).toEqual([['operations/2']]);
    expect(await list(' ')).toEqual([['operations/1', 'operations/2']]);
  });

  test('name the places that cannot be reached, when asked to', async () => {
    const fake = withOperations(1, { unreachable: ['projects/p/locations/x'] });
    expect(await fake.client.list({ name: '' })).not.toHaveProperty('unreachable');
    expect(await fake.client.list({ name: '', returnPartialSuccess: true })).toMatchObject({
      unreachable: ['projects/p/locations/x'],
    });
    expect(await withOperations(0).client.list({ name: '', returnPartialSuccess: true })).toEqual({
      operations: [],
    });
  });

  test('are refused for a request that makes no sense', async () => {
    const fake = withOperations(3);
    const { nextPageToken } = await fake.client.list({ name: '', pageSize: 1 });
    const pageToken = nextPageToken ?? '';
    for (const request of [
      { pageSize: -1 },
      { pageSize: 1.5 },
      { filter: 'state=RUNNING' },
      { pageToken: 'no token' },
      { pageToken: btoa('[]') },
      { pageToken: btoa('["a",0,"operations/",""]') },
      { pageToken, filter: 'done=true' },
      { pageToken, name: 'projects/p' },
    ]) {
      await expect(fake.client.list({ name: '', ...request })).rejects.toMatchObject({
        method: 'list',
        code: Code.INVALID_ARGUMENT,
      });
    }
  });
});
